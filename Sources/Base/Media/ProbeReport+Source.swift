import Diagnostics
import Files
import SystemPackage

extension ProbeReport {
    /// What a clip can be cut out of.
    ///
    /// - Throws: `EightCutError` when there is no video stream.
    package func source(
        path: FilePath,
        _ options: VideoOptions = VideoOptions()
    ) throws -> MediaSource {
        let video = try videoStream(path: path, options)
        let stream = streams.first { $0.index == video.index }
        guard let timeBase = Self.fraction(stream?.timeBase) else {
            throw EightCutError(
                .inputUnusable,
                "cannot cut",
                on: path.string,
                because: "ffprobe cannot determine the times of its frames",
                remedy: "Check that the file is complete."
            )
        }
        return MediaSource(
            path: path,
            video: video,
            timeBase: timeBase,
            nominalRate: Self.fraction(stream?.nominalRate),
            pixelAspect: video.properties.pixelAspect,
            videoChoice: StreamChoice(.video, self),
            audioStreams: audioStreams(beside: stream),
            audioChoice: StreamChoice(.audio, self),
            startTime: Self.microseconds(format?.startTime) ?? 0,
            origin: origin(stream),
            container: format?.name ?? "",
            images: images?.sequence
        )
    }

    /// Those that can be read, with their numbers among all audio streams.
    private func audioStreams(beside video: Stream?) -> [AudioStream] {
        zip(0..., streams.filter { $0.kind == "audio" }).compactMap { number, stream in
            guard let index = stream.index, index >= 0, let rate = Self.sampleRate(stream) else {
                return nil
            }
            return AudioStream(
                index: index,
                number: number,
                sampleRate: rate,
                channels: max(1, min(255, stream.channels ?? 1)),
                layout: stream.layout == "unknown" ? nil : stream.layout,
                timeOffset: ffmpegZero(stream) - origin(video)
            )
        }
    }

    /// The one that is taken by itself.
    func automaticAudio(beside video: Stream) -> AudioStream? {
        let number = StreamChoice(.audio, self).automatic
        return audioStreams(beside: video).first { $0.number == number }
    }
}
