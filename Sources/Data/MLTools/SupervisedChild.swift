import Diagnostics
import Subprocess
import SystemPackage

/// Runs a long child process, tells its output line by line, and leaves nothing of it running,
/// even when this process is killed: see `ChildSupervisor`.
package struct SupervisedChild: Sendable {
    /// The program `8cut`.
    private let program: FilePath
    /// Where the child runs.
    private let folder: FilePath
    /// The child's folder for temporary files.
    private let temporary: FilePath

    /// Plans children.
    ///
    /// - Parameters:
    ///   - program: the program `8cut`, which supervises them.
    ///   - folder: where they run.
    ///   - temporary: their folder for temporary files.
    package init(program: FilePath, folder: FilePath, temporary: FilePath) {
        self.program = program
        self.folder = folder
        self.temporary = temporary
    }

    /// How a child has ended.
    package struct End: Sendable, Equatable {
        /// Exit status, or 128 + the number of the signal that ended it.
        package let status: Int32
        /// The last lines that it wrote, at most 400.
        package let lines: [String]
    }

    /// Runs a program to its end.
    ///
    /// - Parameters:
    ///   - words: its path, or a name for PATH, and its arguments.
    ///   - onLine: is told every line of output and errors, as it comes.
    /// - Returns: how it has ended.
    /// - Throws: `CancellationError`; `EightCutError` when it cannot be started; what `onLine`
    ///   throws. The child and all its children have then been ended.
    package func run(
        _ words: [String],
        onLine: @escaping @Sendable (String) throws -> Void = { _ in }
    ) async throws -> End {
        do {
            let result = try await Subprocess.run(
                .path(program),
                arguments: Arguments(["tools", "supervise", "--"] + words),
                environment: ToolEnvironment.inherited(temporary: temporary),
                workingDirectory: folder,
                platformOptions: ToolEnvironment.platformOptions,
                input: .inputWriter,
                output: .sequence,
                error: .combinedWithOutput
            ) { execution in
                var last: [String] = []
                do {
                    for try await text in execution.standardOutput.strings() {
                        let line = visible(String(text.trimmingSuffix(while: \.isNewline)))
                        if line.isEmpty { continue }
                        last.append(line)
                        if last.count > 400 { last.removeFirst(200) }
                        try onLine(line)
                    }
                } catch {
                    ProcessGroup.end(execution.processIdentifier.value)
                    throw error
                }
                try Task.checkCancellation()
                return last
            }
            try Task.checkCancellation()
            switch result.terminationStatus {
            case .exited(let status): return End(status: status, lines: result.closureResult)
            case .signaled(let signal):
                // Somebody has killed the supervisor: nobody else looks after the rest.
                ProcessGroup.end(result.processIdentifier.value)
                return End(status: 128 + signal, lines: result.closureResult)
            }
        } catch let error as SubprocessError {
            try Task.checkCancellation()
            throw EightCutError(
                .toolFailed,
                "cannot run",
                on: words.first,
                because: error.description
            )
        }
    }
}

extension StringProtocol {
    /// The text without the characters at its end that meet a condition.
    func trimmingSuffix(while condition: (Character) -> Bool) -> SubSequence {
        var end = endIndex
        while end > startIndex, condition(self[index(before: end)]) { end = index(before: end) }
        return self[..<end]
    }
}
