import Diagnostics
import Subprocess
import SystemPackage

/// A run of ffmpeg that reads a file and writes others, or none.
package struct FFmpegRun: Sendable {
    private let arguments: [String]
    private let input: FilePath

    /// What every command begins with.
    package static let commonArguments = [
        "-hide_banner", "-nostdin", "-nostats", "-loglevel", "repeat+level+info",
    ]

    /// Plans a run.
    ///
    /// - Parameters:
    ///   - arguments: what comes after the program's name.
    ///   - input: the file that errors are about.
    package init(arguments: [String], input: FilePath) {
        self.arguments = arguments
        self.input = input
    }

    /// Runs ffmpeg to its end. A cancelled task ends it at once.
    ///
    /// - Parameters:
    ///   - what: what cannot be done when it fails, for the error.
    ///   - listen: called with every line of standard error.
    /// - Returns: what it has said.
    /// - Throws: `EightCutError` when it is missing, is killed or fails, or `CancellationError`.
    package func run(
        failureMessage what: String,
        _ listen: @Sendable (String) throws -> Void = { _ in }
    ) async throws -> FilterMessages {
        let result: ExecutionResult<FilterMessages, DiscardedOutput, SequenceOutput>
        do {
            result = try await Subprocess.run(
                ChildProgram.ffmpeg.executable,
                arguments: Arguments(arguments),
                environment: ChildProgram.environment,
                platformOptions: ChildProgram.platformOptions,
                input: .none,
                output: .discarded,
                error: .sequence
            ) { execution in
                var messages = FilterMessages()
                for try await line in execution.standardError.strings(
                    separatedBy: .unicodeScalarSequence(["\n"])
                ) {
                    messages.take(line)
                    try listen(line)
                }
                return messages
            }
        } catch let error as SubprocessError {
            try Task.checkCancellation()
            throw ChildProgram.ffmpeg.startError(error, on: input)
        }
        try Task.checkCancellation()
        switch result.terminationStatus {
        // Where closing a file fails, ffmpeg says so and exits with 0 all the same.
        case .exited(0) where !result.closureResult.hasLostOutput: return result.closureResult
        case .signaled(let signal):
            throw ChildProgram.ffmpeg.killedError(signal: signal, on: input)
                .advising("Run the same command again.")
        case .exited(let status):
            throw failure(what, status: status, result.closureResult)
        }
    }

    private func failure(
        _ what: String,
        status: Int32,
        _ messages: FilterMessages
    ) -> EightCutError {
        let reason = FFmpegMessages.reason(in: messages.errors, url: MediaInput.url(input))
        if messages.errors.contains(where: { $0.contains("No space left on device") }) {
            return EightCutError(
                .inputOutput,
                what,
                on: input.string,
                because: "the disk is full",
                remedy: "Make room and run the same command again."
            )
        }
        return EightCutError(
            .toolFailed,
            what,
            on: input.string,
            because: reason ?? "ffmpeg ended with status \(status)",
            remedy: "Check that the video plays; --dry-run shows ffmpeg's command line."
        )
    }
}
