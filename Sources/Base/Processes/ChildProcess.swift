import CProcess
import Subprocess
import SystemPackage

/// A program to run as a child process. Every child of 8-cut is started here.
///
/// Arguments are passed as an array, never through a shell. A child leads its own session, so that
/// the terminal's Ctrl-C does not reach it directly: a cancelled task ends it, within a second.
///
/// However this process ends, even by a SIGKILL, a guard beside it ends its children and theirs
/// (CProcess, `child_guard.h`). When a child has ended, what is left of its session is killed.
package struct ChildProcess: Sendable {
    /// Which program.
    package enum Program: Sendable, Equatable {
        /// Looked up in `PATH`.
        case name(String)
        case path(FilePath)

        /// A path if it contains a slash, otherwise a name.
        package init(_ text: String) {
            self = text.contains(exactly: "/") ? .path(FilePath(text)) : .name(text)
        }

        /// The program as error messages show it.
        package var description: String {
            switch self {
            case .name(let name): name
            case .path(let path): path.string
            }
        }
    }

    /// What a child reads from its standard input.
    package enum Input: Sendable {
        /// Nothing: it is at its end at once.
        case empty
        /// What the body writes to `RunningChild.input`. It is open until the body returns.
        case piped
    }

    /// Where the standard output of a child goes.
    package enum Output: Sendable {
        case discarded
        /// To `RunningChild.output`.
        case piped
        /// To our own standard output.
        case inherited
        /// To a descriptor, which is closed as soon as the child has it.
        case descriptor(FileDescriptor)
    }

    /// Where the standard error of a child goes.
    package enum Errors: Sendable {
        case discarded
        /// To `RunningChild.errors`.
        case piped
        /// To our own standard error.
        case inherited
        /// Where its standard output goes.
        case merged
    }

    /// How a child is ended when its task is cancelled or its body throws.
    package enum Stop: Sendable {
        /// It is killed, with its whole session.
        case kill
        /// It gets a SIGTERM, and is killed if it still runs after some time.
        case terminate(grace: Duration)
    }

    package var program: Program
    package var arguments: [String]
    /// Changes to our own environment; nil removes a variable.
    package var environment: [String: String?]
    /// The working directory; nil for our own.
    package var folder: FilePath?
    /// Whether it leads its own session. A child without one belongs to ours.
    package var hasOwnSession: Bool
    package var stop: Stop
    /// Whether it inherits variables that hold secrets, such as `HF_TOKEN`: only 8cut itself does.
    package var keepsSecrets = false

    package init(
        _ program: Program,
        _ arguments: [String],
        environment: [String: String?] = [:],
        folder: FilePath? = nil,
        hasOwnSession: Bool = true,
        stop: Stop = .kill
    ) {
        self.program = program
        self.arguments = arguments
        self.environment = environment
        self.folder = folder
        self.hasOwnSession = hasOwnSession
        self.stop = stop
    }

    /// Runs the program until it exits.
    ///
    /// - Parameters:
    ///   - input: what the child reads.
    ///   - output: where its standard output goes.
    ///   - errors: where its standard error goes.
    ///   - body: called when the child has started. It has to read whatever is piped.
    /// - Returns: the result of `body`, and how the child ended.
    /// - Throws: what `body` throws (the child is then ended), `CancellationError`, or
    ///   `ChildProcessError` if the program cannot be run.
    package nonisolated(nonsending) func run<Result: Sendable>(
        input: Input = .empty,
        output: Output = .discarded,
        errors: Errors = .discarded,
        _ body: nonisolated(nonsending) (RunningChild) async throws -> Result
    ) async throws -> (result: Result, exit: ChildExit) {
        let start = try start(closing: output)
        defer { start.noteEnded() }
        switch output {
        case .discarded: return try await run(start, input, DiscardedOutput.discarded, errors, body)
        case .piped: return try await run(start, input, SequenceOutput.sequence, errors, body)
        case .inherited:
            let ours = FileDescriptorOutput.currentStandardOutput
            return try await run(start, input, ours, errors, body)
        case .descriptor(let descriptor):
            return try await run(
                start,
                input,
                FileDescriptorOutput.fileDescriptor(descriptor, closeAfterSpawningProcess: true),
                errors,
                body
            )
        }
    }

    /// Whether or not the child can be started, its output descriptor is closed.
    private func start(closing output: Output) throws(ChildProcessError) -> ChildStart {
        do {
            return try ChildStart(of: program.description, leadsGroup: hasOwnSession)
        } catch {
            if case .descriptor(let descriptor) = output { try? descriptor.close() }
            throw error
        }
    }

    /// Runs the program until it exits, without anything to do meanwhile.
    package nonisolated(nonsending) func run(
        output: Output = .discarded,
        errors: Errors = .discarded
    ) async throws -> ChildExit {
        try await run(output: output, errors: errors) { _ in }.exit
    }

    /// Runs the program until it exits and collects what it writes.
    ///
    /// - Parameters:
    ///   - outputLimit: the most bytes that it may write to standard output.
    ///   - errorLimit: how many bytes of standard error are kept: of a longer text, the start and
    ///     the end. Nil to discard all.
    /// - Returns: what it wrote, and how it ended.
    /// - Throws: as `run`. `ChildProcessError.failed` also when the limit is exceeded.
    package func collect(outputLimit: Int, errorLimit: Int?) async throws -> CollectedChild {
        let (result, exit) = try await run(
            output: .piped,
            errors: errorLimit == nil ? .discarded : .piped
        ) { child in
            async let errors = child.errors.collectEnds(limit: errorLimit ?? 0)
            let output = try await child.output.collect(limit: outputLimit)
            return (output, try await errors)
        }
        return CollectedChild(exit: exit, output: result.0, errors: result.1)
    }
}

/// What has become of a child whose output was collected.
package struct CollectedChild: Sendable {
    package let exit: ChildExit
    package let output: [UInt8]
    package let errors: String
}

// Subprocess chooses the streams by type, so each choice is one more generic parameter.
extension ChildProcess {
    private nonisolated(nonsending) func run<Result: Sendable, Output: ReadableOutput>(
        _ start: ChildStart,
        _ input: Input,
        _ output: Output,
        _ errors: Errors,
        _ body: nonisolated(nonsending) (RunningChild) async throws -> Result
    ) async throws -> (result: Result, exit: ChildExit) {
        switch errors {
        case .discarded: try await run(start, input, output, DiscardedOutput.discarded, body)
        case .piped: try await run(start, input, output, SequenceOutput.sequence, body)
        case .inherited:
            try await run(start, input, output, FileDescriptorOutput.currentStandardError, body)
        case .merged:
            try await run(start, input, output, CombinedErrorOutput.combinedWithOutput, body)
        }
    }

    private nonisolated(nonsending) func run<
        Result: Sendable,
        Output: ReadableOutput,
        Errors: ReadableErrors
    >(
        _ start: ChildStart,
        _ input: Input,
        _ output: Output,
        _ errors: Errors,
        _ body: nonisolated(nonsending) (RunningChild) async throws -> Result
    ) async throws -> (result: Result, exit: ChildExit) {
        do {
            let outcome = try await Subprocess.run(
                executable,
                arguments: Arguments(arguments),
                environment: variables,
                workingDirectory: folder,
                platformOptions: platformOptions,
                input: .inputWriter,
                output: output,
                error: errors
            ) { execution in
                let id = execution.processIdentifier.value
                start.noteStarted(id)
                if case .empty = input { try await execution.standardInputWriter.finish() }
                return try await body(
                    RunningChild(
                        id: id,
                        input: ChildInput(writer: execution.standardInputWriter),
                        output: ChildOutput(base: Output.output(of: execution), child: id),
                        errors: ChildOutput(base: Errors.errors(of: execution), child: id)
                    )
                )
            }
            try Task.checkCancellation()
            return (outcome.closureResult, ChildExit(outcome.terminationStatus))
        } catch let error as SubprocessError {
            try Task.checkCancellation()
            throw ChildProcessError(error, program.description)
        }
    }

    private var executable: Executable {
        switch program {
        case .name(let name): .name(name)
        case .path(let path): .path(path)
        }
    }

    private var variables: Environment {
        var changes = environment
        changes[CHILD_GUARD_VARIABLE] = .some(String(cString: child_guard_mark()))
        return ChildEnvironment.inherited(changes, keepsSecrets: keepsSecrets)
    }

    private var platformOptions: PlatformOptions {
        var options = PlatformOptions()
        options.createSession = hasOwnSession
        switch stop {
        case .kill where hasOwnSession:
            options.teardownSequence = [
                .send(signal: .kill, toProcessGroup: true, allowedDurationToNextStep: .seconds(1))
            ]
        case .kill: break
        case .terminate(let grace):
            options.teardownSequence = [
                .send(signal: .terminate, allowedDurationToNextStep: grace)
            ]
        }
        return options
    }
}

private protocol ReadableOutput: OutputProtocol {
    static func output<Errors: ErrorOutputProtocol>(
        of execution: Execution<CustomWriteInput, Self, Errors>
    ) -> SubprocessOutputSequence?
}

private protocol ReadableErrors: ErrorOutputProtocol {
    static func errors<Output: OutputProtocol>(
        of execution: Execution<CustomWriteInput, Output, Self>
    ) -> SubprocessOutputSequence?
}

extension ReadableOutput {
    static func output<Errors: ErrorOutputProtocol>(
        of execution: Execution<CustomWriteInput, Self, Errors>
    ) -> SubprocessOutputSequence? { nil }
}

extension ReadableErrors {
    static func errors<Output: OutputProtocol>(
        of execution: Execution<CustomWriteInput, Output, Self>
    ) -> SubprocessOutputSequence? { nil }
}

extension SequenceOutput: ReadableOutput, ReadableErrors {
    fileprivate static func output<Errors: ErrorOutputProtocol>(
        of execution: Execution<CustomWriteInput, Self, Errors>
    ) -> SubprocessOutputSequence? { execution.standardOutput }

    fileprivate static func errors<Output: OutputProtocol>(
        of execution: Execution<CustomWriteInput, Output, Self>
    ) -> SubprocessOutputSequence? { execution.standardError }
}

extension DiscardedOutput: ReadableOutput, ReadableErrors {}
extension FileDescriptorOutput: ReadableOutput, ReadableErrors {}
extension CombinedErrorOutput: ReadableErrors {}
