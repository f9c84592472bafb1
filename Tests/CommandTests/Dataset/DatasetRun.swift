import SystemPackage
import TestSupport
import Testing

/// A folder with a video, clips of it in a library of its own, and the program that writes data sets
/// of them.
struct DatasetRun {
    let folder: TemporaryFolder

    /// - Parameters:
    ///   - clips: how many clips are exported, a second apart.
    ///   - duration: of each, in seconds.
    ///   - label: of all.
    ///   - audio: a source of ffmpeg's for the audio of the video; nil for tones.
    /// - Throws: `ProgramFailure` when ffmpeg fails.
    init(
        clips: Int,
        duration: String = "8",
        label: String = "dog barking",
        audio: String? = nil
    ) async throws {
        folder = try TemporaryFolder()
        try await Program.ffmpeg(
            [
                "-f", "lavfi", "-i", CounterClip.frames(rate: "25", frames: 300), "-f", "lavfi",
                "-i", audio ?? CounterClip.tones(seconds: 12), "-t", "12",
            ] + CounterClip.x264 + ["-c:a", "aac", folder["video.mp4"].string]
        )
        for start in 1..<clips + 1 {
            let result = try await eightCut([
                "export", "-i", "video.mp4", "--start", "\(start)", "--to", "clips", "--name",
                "dog", "--label", label, "--duration", duration, "--preset", "ultrafast", "-q",
            ])
            try #require(result.status == 0, "\(result.errors)")
        }
    }

    func eightCut(_ arguments: [String]) async throws -> ProgramResult {
        try await Program.run8cut(
            arguments,
            environment: ["EIGHTCUT_HOME": folder["home"].string, "HOME": folder.path.string],
            in: folder.path
        )
    }

    /// Writes all clips as a data set.
    func export(_ profile: String, _ options: [String] = []) async throws -> ProgramResult {
        try await eightCut(["dataset", "export", "--profile", profile, "--to", "set"] + options)
    }
}
