import Diagnostics
import Files
import Processes
import SystemPackage

/// A run of ffmpeg that reads a file and writes others, or none.
package struct FFmpegRun: Sendable {
    private let arguments: [String]
    private let input: FilePath

    /// What every command begins with.
    package static let commonArguments = [
        "-hide_banner", "-nostdin", "-nostats", "-loglevel", "repeat+level+info",
    ]

    /// - Parameters:
    ///   - arguments: what comes after the program's name.
    ///   - input: the file that errors are about.
    package init(arguments: [String], input: FilePath) {
        self.arguments = arguments
        self.input = input
    }

    /// Runs ffmpeg until it exits. A cancelled task ends it at once.
    ///
    /// - Parameters:
    ///   - what: what cannot be done if it fails, for the error.
    ///   - audio: what it reads as `pipe:0`; nil for nothing.
    ///   - onLine: called with every line of standard error.
    /// - Returns: the messages of its filters.
    /// - Throws: `EightCutError` when it is missing, is killed or fails, or `CancellationError`.
    package func run(
        failureMessage what: String,
        reading audio: ConstantAudio? = nil,
        _ onLine: @Sendable (String) throws -> Void = { _ in }
    ) async throws -> FilterMessages {
        let messages: FilterMessages
        let exit: ChildExit
        do {
            (messages, exit) = try await FFmpegProgram.ffmpeg.child(arguments).run(
                input: audio == nil ? .empty : .piped,
                errors: .piped
            ) { child in
                async let written: Void? = audio?.write(to: child.input)
                var messages = FilterMessages()
                for try await line in child.errors.lines {
                    messages.take(line)
                    try onLine(line)
                }
                _ = try await written
                return messages
            }
        } catch let error as ChildProcessError {
            throw FFmpegProgram.ffmpeg.startError(error, on: input)
        }
        if let error = FFmpegMessages.writeFailure(in: messages.errors, exit) {
            throw fileError(what, input, error)
        }
        switch exit {
        // If closing a file fails, ffmpeg says so and exits with 0 all the same.
        case .exited(0) where !messages.hasLostOutput: return messages
        case .signaled(let signal):
            throw FFmpegProgram.ffmpeg.killedError(signal: signal, on: input)
                .advising("Run the same command again.")
        case .exited(let status):
            throw failure(what, status: status, messages)
        }
    }

    private func failure(
        _ what: String,
        status: Int32,
        _ messages: FilterMessages
    ) -> EightCutError {
        let reason = FFmpegMessages.reason(in: messages.errors, url: MediaInput.url(input))
        return EightCutError(
            .toolFailed,
            what,
            on: input.string,
            because: reason.map { MessageText($0) } ?? "ffmpeg ended with status \(status)",
            remedy: "Check that the video plays."
        )
    }
}

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

    private func endedError(_ why: MessageText, on path: FilePath) -> EightCutError {
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
