import Diagnostics
import Glibc
import Subprocess
import SystemPackage

/// The programs that are run as child processes.
enum ChildProgram: String {
    case ffmpeg, ffprobe

    /// How Subprocess finds it: through PATH, never through a shell.
    var executable: Executable { .name(rawValue) }

    /// Options that keep the terminal's Ctrl-C from reaching the child: it would take it as
    /// "finish early" and end the pictures as if the video were over. It ends when we end it,
    /// or when nobody reads its output any more.
    static var platformOptions: PlatformOptions {
        var options = PlatformOptions()
        options.createSession = true
        return options
    }

    /// The variables that the child gets: ours, without those that put colours between the words
    /// of its messages.
    static var environment: Environment {
        .inherit.updating([
            "AV_LOG_FORCE_COLOR": nil, "AV_LOG_FORCE_256COLOR": nil, "AV_LOG_FORCE_NOCOLOR": "1",
        ])
    }

    /// Turns what Subprocess throws into an error that says what to do.
    func startError(_ error: SubprocessError, on path: FilePath) -> EightCutError {
        if error.code == .executableNotFound {
            return EightCutError(
                .toolMissing,
                "cannot read the video",
                on: path.string,
                because: "the program \(rawValue) is not installed",
                remedy: "Install FFmpeg (on Debian and Ubuntu: sudo apt install ffmpeg)."
            )
        }
        return EightCutError(
            .toolFailed,
            "cannot run \(rawValue)",
            on: path.string,
            because: error.description
        )
    }

    /// ffmpeg's exit status when a signal that it can catch has made it end early.
    static let stoppedStatus: Int32 = 255

    /// The error for a child that a signal has ended.
    func killedError(signal: Int32, on path: FilePath) -> EightCutError {
        endedError(
            "\(rawValue) was ended by signal \(signal) (\(String(cString: strsignal(signal))))",
            on: path
        )
    }

    /// The error for a child that somebody has asked to end, and that has ended in good order.
    func stoppedError(on path: FilePath) -> EightCutError {
        endedError("\(rawValue) was asked to end early", on: path)
    }

    /// The error for a child that has failed without an error message of the usual form: what
    /// is wrong is not the video.
    func failedError(status: Int32, saying words: String?, on path: FilePath) -> EightCutError {
        EightCutError(
            .toolFailed,
            "cannot read the video",
            on: path.string,
            because: "\(rawValue) ended with status \(status)"
                + (words.map { " and said \(quoted($0))" } ?? ""),
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
