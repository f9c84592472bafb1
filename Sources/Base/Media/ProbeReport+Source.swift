import Diagnostics
import SystemPackage

extension ProbeReport {
    /// What a clip can be cut out of.
    ///
    /// - Throws: `EightCutError` when there is no video stream.
    package func source(path: FilePath) throws -> MediaSource {
        let video = try videoStream(path: path)
        let stream = streams.first { $0.index == video.index }
        guard let timeBase = stream?.timeBase.flatMap({ Rational($0) }) else {
            throw EightCutError(
                .inputUnusable,
                "cannot cut",
                on: path.string,
                because: "ffprobe cannot tell the times of its pictures",
                remedy: "Check that the file is complete."
            )
        }
        return MediaSource(
            path: path,
            video: video,
            timeBase: timeBase,
            nominalRate: stream?.nominalRate.flatMap { Rational($0) },
            pixelAspect: Self.aspect(stream?.pixelAspect),
            audioStreams: streams.compactMap(Self.sound),
            startTime: Self.microseconds(format?.startTime) ?? 0,
            container: format?.name ?? ""
        )
    }

    private static func sound(_ stream: Stream) -> AudioStream? {
        guard stream.kind == "audio", let index = stream.index, index >= 0,
            let rate = stream.sampleRate.flatMap({ Int($0) }), (1...10_000_000).contains(rate)
        else { return nil }
        return AudioStream(
            index: index,
            sampleRate: rate,
            channels: max(1, min(255, stream.channels ?? 1)),
            isDefault: stream.disposition?.isDefault == 1
        )
    }

    private static func aspect(_ text: String?) -> Rational {
        let parts = (text ?? "").split(separator: ":").map { Int($0) }
        guard parts.count == 2, let width = parts[0], let height = parts[1] else {
            return .one
        }
        return Rational(width, height) ?? .one
    }

    /// ffprobe's "-1.400000" in microseconds.
    static func microseconds(_ text: String?) -> Int? {
        guard let value = text.flatMap({ Double($0) }), abs(value) < 1e12 else { return nil }
        return Int((value * 1e6).rounded())
    }
}
