import DatasetProfiles
import Diagnostics
import Media
import SystemPackage

/// Finds out what the streams of clips have, by their packets and their decoded audio.
package enum ClipProbe {
    /// - Parameter path: the clip.
    /// - Returns: what it has, with the loudness of its audio.
    /// - Throws: `EightCutError` when it is no video; `CancellationError`.
    package static func facts(of path: FilePath) async throws -> ClipFacts {
        try await facts(of: [path])[0].get()
    }

    /// The same for several clips, whose audio is decoded in one go.
    ///
    /// - Parameter paths: clips of some seconds each.
    /// - Returns: what each has, or why it cannot be read, in their order.
    /// - Throws: `EightCutError` when ffmpeg or ffprobe cannot be run, or is killed;
    ///   `CancellationError`.
    static func facts(of paths: [FilePath]) async throws -> [Result<ClipFacts, EightCutError>] {
        var clips: [Result<Streams, EightCutError>] = []
        for path in paths {
            do {
                clips.append(.success(try await Streams(of: path)))
            } catch let error as EightCutError
                where [.inputMissing, .inputUnusable].contains(error.code)
            {
                clips.append(.failure(error))
            }
        }
        let tracks = clips.compactMap { try? $0.get().track }
        var heard = try await AudioProbe(tracks: tracks).run()[...]
        return clips.map { clip in
            clip.flatMap { streams in
                guard streams.track != nil, let audio = heard.popFirst() else {
                    return .success(streams.facts(nil))
                }
                return audio.map(streams.facts)
            }
        }
    }

    /// What is known of a clip without decoding it.
    private struct Streams {
        private let video: VideoStream
        private let frameCount: Int
        private let frameRate: Rational
        private let lastFrame: Rational?
        let track: AudioProbe.Track?

        init(of path: FilePath) async throws {
            let (source, index) = try await VideoProbe.indexedSource(of: path)
            let day = 86_400_000_000
            let end = source.startTime.addingReportingOverflow(day).partialValue
            let times = try await index.times(from: source.startTime, to: end, audio: nil)
            guard let rate = source.video.frameRate else {
                throw EightCutError(
                    .inputUnusable,
                    "cannot read the video",
                    on: path.string,
                    because: "it has no frame rate",
                    remedy: "Check that it is a video file and that it is complete."
                )
            }
            (video, frameCount, frameRate) = (source.video, times.timestamps.count, rate)
            let span = Int128(times.timestamps.last ?? 0) - Int128(times.timestamps.first ?? 0)
            let ticks = Int(clamping: span * Int128(source.timeBase.numerator))
            lastFrame = Rational(ticks, source.timeBase.denominator)
            track = source.defaultAudioStream.map {
                AudioProbe.Track(
                    path: path,
                    stream: "\($0.index)",
                    sampleRate: $0.sampleRate,
                    channels: $0.channels
                )
            }
        }

        func facts(_ audio: ClipFacts.Audio?) -> ClipFacts {
            ClipFacts(
                frameCount: frameCount,
                frameRate: frameRate,
                width: video.width,
                height: video.height,
                audio: audio,
                lastFrame: lastFrame
            )
        }
    }
}
