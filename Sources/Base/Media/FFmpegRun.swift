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
