import SystemPackage

/// A child process that answers a question in a moment.
package enum ShortChild {
    /// How it ended.
    package enum End: Sendable, Equatable {
        /// There is no such program.
        case notFound
        /// It could not be started, crashed or hung: why.
        case failed(String)
        /// Its exit status, standard output and standard error.
        case ended(Int32, output: String, errors: String)
    }

    /// Runs a program until it exits, or until it has taken too long.
    ///
    /// - Parameters:
    ///   - program: which one.
    ///   - arguments: what it is given.
    ///   - environment: changes to our variables.
    ///   - folder: its working directory; nil for ours.
    ///   - limit: how long it may take.
    /// - Returns: how it ended.
    /// - Throws: `CancellationError`.
    package static func run(
        _ program: ChildProcess.Program,
        _ arguments: [String],
        environment: [String: String?],
        folder: FilePath? = nil,
        limit: Duration = .seconds(30)
    ) async throws -> End {
        let child = ChildProcess(program, arguments, environment: environment, folder: folder)
        return try await withThrowingTaskGroup(of: End.self) { group in
            group.addTask { try await run(child) }
            group.addTask {
                try await Task.sleep(for: limit)
                return .failed("it did not answer within \(limit.components.seconds) seconds")
            }
            defer { group.cancelAll() }
            return try await group.next() ?? .notFound
        }
    }

    private static func run(_ child: ChildProcess) async throws -> End {
        do {
            let result = try await child.collect(outputLimit: 4 << 20, errorLimit: 1 << 20)
            switch result.exit {
            case .exited(let status):
                let output = String(decoding: result.output, as: UTF8.self)
                return .ended(status, output: output, errors: result.errors)
            case .signaled(let signal): return .failed("it was ended by signal \(signal)")
            }
        } catch ChildProcessError.notFound {
            return .notFound
        } catch let error as ChildProcessError {
            return .failed(error.reason)
        }
    }
}
