import Diagnostics
import Processes
import SystemPackage

/// The programs that read and write media.
enum FFmpegProgram: String {
    case ffmpeg, ffprobe

    /// A run of the program. In its own session: ffmpeg would take the terminal's Ctrl-C as
    /// "finish early" and end the frames as if the video were over.
    func child(_ arguments: [String]) -> ChildProcess {
        ChildProcess(
            .name(rawValue),
            arguments,
            // No colour codes inside the messages.
            environment: [
                "AV_LOG_FORCE_COLOR": nil, "AV_LOG_FORCE_256COLOR": nil,
                "AV_LOG_FORCE_NOCOLOR": "1",
            ]
        )
    }

    /// The error to show when the program cannot be run.
    func startError(_ error: ChildProcessError, on path: FilePath) -> EightCutError {
        error.error(
            "cannot read the video",
            on: path.string,
            remedy: "Install FFmpeg (on Debian and Ubuntu: sudo apt install ffmpeg)."
        )
    }

    /// The exit status of an ffmpeg that caught a signal and ended early.
    static let stoppedStatus: Int32 = 255

    /// The error for a child that was killed by a signal.
    func killedError(signal: Int32, on path: FilePath) -> EightCutError {
        endedError(
            "\(rawValue) was ended by signal \(ChildExit.describe(signal: signal))",
            on: path
        )
    }

    /// The error for a child that was asked to end, and has ended in good order.
    func stoppedError(on path: FilePath) -> EightCutError {
        endedError("\(rawValue) was asked to end early", on: path)
    }

    /// The error for a child that failed without an error message of the usual form: the video is
    /// not the cause.
    func failedError(status: Int32, message: String?, on path: FilePath) -> EightCutError {
        EightCutError(
            .toolFailed,
            "cannot read the video",
            on: path.string,
            because: "\(rawValue) ended with status \(status)"
                + (message.map { " and said \(quoted($0))" } ?? ""),
            remedy: "Check that \(rawValue) works: try \(rawValue) -version."
        )
    }

    private func endedError(_ why: String, on path: FilePath) -> EightCutError {
        EightCutError(
            .toolFailed,
            "cannot go on reading the video",
            on: path.string,
            because: why,
            remedy: "Run the same command again: finished frames are kept. "
                + "If the system had too little memory, close other programs first."
        )
    }
}
