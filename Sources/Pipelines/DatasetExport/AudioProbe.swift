import DatasetProfiles
import Diagnostics
import Media
import SystemPackage

/// Decodes the audio of several files in one run of ffmpeg, and measures it.
struct AudioProbe: Sendable {
    /// The audio of a file.
    struct Track: Sendable {
        let path: FilePath
        /// As filter graphs name it in its input: "1", or "a:0".
        let stream: String
        /// In Hz.
        let sampleRate: Int
        /// Nil where it is not known.
        var channels: Int?
    }

    let tracks: [Track]

    /// So many files are measured at a time: to start ffmpeg takes as long as to decode a minute.
    static let width = 8

    private static let failure = "cannot decode the audio"

    /// - Returns: what each has, or why it cannot be decoded, in their order.
    /// - Throws: `EightCutError` when ffmpeg cannot be run, or is killed; `CancellationError`.
    func run() async throws -> [Result<ClipFacts.Audio, EightCutError>] {
        guard let first = tracks.first else { return [] }
        do {
            let messages = try await FFmpegRun(arguments: arguments, input: first.path)
                .run(failureMessage: Self.failure)
            return tracks.enumerated().map { .success(audio(of: $1, messages, $0)) }
        } catch let error as EightCutError where error.what == Self.failure {
            guard tracks.count > 1 else { return [.failure(error)] }
            var results: [Result<ClipFacts.Audio, EightCutError>] = []
            for track in tracks { results += try await AudioProbe(tracks: [track]).run() }
            return results
        }
    }

    private var arguments: [String] {
        let inputs = tracks.flatMap {
            MediaInput.guardingArguments($0.path) + ["-vn", "-i", MediaInput.url($0.path)]
        }
        let graph = tracks.enumerated().map { number, track in
            let filters = [
                FilterMessages.measuring("a\(number)"), "aformat=channel_layouts=mono",
                FilterMessages.measuring("m\(number)"),
            ]
            return "[\(number):\(track.stream)]\(filters.joined(separator: ","))[o\(number)]"
        }
        let outputs = tracks.indices.flatMap { ["-map", "[o\($0)]"] }
        return FFmpegRun.commonArguments + inputs + [
            "-filter_complex", graph.joined(separator: ";"),
        ]
            + outputs + ["-f", "null", "-"]
    }

    private func audio(
        of track: Track,
        _ messages: FilterMessages,
        _ number: Int
    ) -> ClipFacts.Audio {
        ClipFacts.Audio(
            sampleRate: track.sampleRate,
            sampleCount: messages.sampleCount(of: "a\(number)"),
            channels: track.channels,
            loudness: messages.level(of: "a\(number)").flatMap { level in
                messages.level(of: "m\(number)").map { Loudness(level: level, mixedLevel: $0) }
            }
        )
    }
}
