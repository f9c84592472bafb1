import Diagnostics
import Files
import FoundationEssentials
import Processes
import SystemPackage

/// Finds out what is in a video file, with ffprobe.
package enum VideoProbe {
    /// Picks the video stream that masks are made for: the first that is not cover art.
    ///
    /// - Throws: `EightCutError` when the file is missing, no video, or has no video stream.
    package static func stream(of path: FilePath) async throws -> VideoStream {
        try await report(of: path).videoStream(path: path)
    }

    /// What is known about a file that clips are cut out of.
    ///
    /// - Throws: `EightCutError` when the file is missing, no video, or has no video stream.
    package static func source(of path: FilePath) async throws -> MediaSource {
        try await report(of: path).source(path: path)
    }

    private static func report(of path: FilePath) async throws -> ProbeReport {
        try MediaInput.check(path)
        let url = MediaInput.url(path)
        let result = try await run(
            [
                "-loglevel", "repeat+level+error", "-print_format", "json", "-show_format",
                "-show_streams",
            ] + MediaInput.arguments(path),
            on: path
        )
        let messages = result.errors.split(exactly: "\n").map(String.init)
        switch result.exit {
        case .signaled(let signal):
            throw FFmpegProgram.ffprobe.killedError(signal: signal, on: path)
        case .exited(let status) where status != 0:
            guard let reason = FFmpegMessages.reason(in: messages, url: url) else {
                throw FFmpegProgram.ffprobe.failedError(
                    status: status,
                    message: messages.last,
                    on: path
                )
            }
            throw EightCutError(
                .inputUnusable,
                "cannot read the video",
                on: path.string,
                because: reason,
                remedy: "Check that it is a video file and that it is complete."
            )
        case .exited: break
        }
        return try ProbeReport(json: result.output, path: path)
    }

    static func run(
        _ arguments: [String],
        on path: FilePath
    ) async throws -> CollectedChild {
        do {
            return try await FFmpegProgram.ffprobe.child(arguments).collect(
                outputLimit: 16 << 20,
                errorLimit: 1 << 20
            )
        } catch let error as ChildProcessError {
            throw FFmpegProgram.ffprobe.startError(error, on: path)
        }
    }
}
