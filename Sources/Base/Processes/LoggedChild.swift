import Diagnostics
import SystemPackage

/// Runs a long child process and reports its output line by line.
package struct LoggedChild: Sendable {
    /// The working directory of the child.
    private let folder: FilePath
    /// Changes to our own environment; nil removes a variable.
    private let environment: [String: String?]

    package init(folder: FilePath, environment: [String: String?]) {
        self.folder = folder
        self.environment = environment
    }

    /// How a child ended.
    package struct End: Sendable, Equatable {
        /// The exit status, 128 + the number of the signal that ended it, or 127 if there is no
        /// such program.
        package let status: Int32
        /// The last lines that it wrote, at most 400.
        package let lines: [String]
    }

    /// Runs a program until it exits.
    ///
    /// - Parameters:
    ///   - command: its path, or a name for PATH, and its arguments.
    ///   - onLine: called with every line of output and errors, as it comes.
    /// - Returns: how it ended.
    /// - Throws: `CancellationError`; `EightCutError` if it cannot be started; what `onLine`
    ///   throws. The child and all its children have then been killed: none of them writes any
    ///   more.
    package func run(
        _ command: [String],
        onLine: @escaping @Sendable (String) throws -> Void = { _ in }
    ) async throws -> End {
        guard let name = command.first else { return End(status: 127, lines: []) }
        let child = ChildProcess(
            ChildProcess.Program(name),
            Array(command.dropFirst()),
            environment: environment,
            folder: folder
        )
        do {
            let (lines, exit) = try await child.run(output: .piped, errors: .merged) { child in
                try await Self.read(child.output, onLine)
            }
            return End(status: exit.shellStatus, lines: lines)
        } catch let error as ChildProcessError {
            guard case .notFound = error else {
                throw EightCutError(.toolFailed, "cannot run", on: name, because: error.reason)
            }
            return End(status: 127, lines: ["cannot run \(quoted(name)): \(error.reason)"])
        }
    }

    private static func read(
        _ output: ChildOutput,
        _ onLine: @Sendable (String) throws -> Void
    ) async throws -> [String] {
        var last: [String] = []
        for try await text in output.terminalLines {
            // In full: some lines are JSON.
            let line = visibleLines(text)
            last.append(line)
            if last.count > 400 { last.removeFirst(200) }
            try onLine(line)
        }
        try Task.checkCancellation()
        return last
    }
}
