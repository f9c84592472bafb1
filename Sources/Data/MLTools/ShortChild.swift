import Subprocess
import SystemPackage

/// A child process that answers a question in a moment.
enum ShortChild {
    /// How it has ended.
    enum End: Sendable, Equatable {
        /// There is no such program.
        case notFound
        /// It could not be started, crashed or hung: why.
        case failed(String)
        /// Its exit status, standard output and standard error.
        case ended(Int32, output: String, errors: String)
    }

    /// Runs a program to its end, or until it has taken too long.
    ///
    /// - Parameters:
    ///   - executable: the program.
    ///   - arguments: what comes after its name.
    ///   - limit: how long it may take.
    /// - Returns: how it has ended.
    /// - Throws: `CancellationError`.
    static func run(
        _ executable: Executable,
        _ arguments: [String],
        limit: Duration = .seconds(30)
    ) async throws -> End {
        try await withThrowingTaskGroup(of: End.self) { group in
            group.addTask { try await run(executable, arguments) }
            group.addTask {
                try await Task.sleep(for: limit)
                return .failed("it did not answer within \(limit.components.seconds) seconds")
            }
            defer { group.cancelAll() }
            return try await group.next() ?? .notFound
        }
    }

    private static func run(_ executable: Executable, _ arguments: [String]) async throws -> End {
        do {
            let result = try await Subprocess.run(
                executable,
                arguments: Arguments(arguments),
                environment: ToolEnvironment.inherited,
                platformOptions: ToolEnvironment.platformOptions,
                output: .string(limit: 4 << 20),
                error: .string(limit: 1 << 20)
            )
            switch result.terminationStatus {
            case .exited(let status):
                return .ended(
                    status,
                    output: result.standardOutput,
                    errors: result.standardError
                )
            case .signaled(let signal): return .failed("it was ended by signal \(signal)")
            }
        } catch let error as SubprocessError {
            try Task.checkCancellation()
            if error.code == .executableNotFound { return .notFound }
            return .failed(error.description)
        }
    }
}
