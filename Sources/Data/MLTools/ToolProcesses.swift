import Processes
import SystemPackage

/// Variables of the child processes that run Python, pip and the installed libraries.
private enum ToolEnvironment {
    /// Changes to ours: without those that lead Python out of its environment, or pip away from
    /// the one it belongs to. pip's other settings (mirrors, proxies, certificates) are the
    /// user's and stay.
    static let changes: [String: String?] = [
        "PYTHONHOME": nil, "PYTHONPATH": nil, "PYTHONSTARTUP": nil, "PYTHONUSERBASE": nil,
        "PYTHONPLATLIBDIR": nil, "PYTHONEXECUTABLE": nil, "VIRTUAL_ENV": nil,
        "__PYVENV_LAUNCHER__": nil, "PIP_TARGET": nil, "PIP_PREFIX": nil, "PIP_ROOT": nil,
        "PIP_PYTHON": nil, "PIP_DRY_RUN": nil, "PIP_USER": "0",
    ]
}

extension SupervisedChild {
    /// A long child process with the variables of the tools.
    ///
    /// - Parameters:
    ///   - program: the program `8cut`, which supervises.
    ///   - folder: the working directory.
    ///   - temporary: the folder for temporary files. For pip it is inside the environment that is
    ///     made, so that whatever ends pip, nothing is left elsewhere, and so that `/tmp`, often
    ///     small, need not hold gigabytes.
    package init(program: FilePath, folder: FilePath, temporary: FilePath) {
        var environment = ToolEnvironment.changes
        environment["TMPDIR"] = temporary.string
        // SAM 2 runs without its CUDA extension, which needs a compiler that few have.
        environment["SAM2_BUILD_CUDA"] = "0"
        self.init(program: program, folder: folder, environment: environment)
    }
}

/// A child process that answers a question in a moment.
enum ShortChild {
    /// How it ended.
    enum End: Sendable, Equatable {
        /// There is no such program.
        case notFound
        /// It could not be started, crashed or hung: why.
        case failed(String)
        /// Its exit status, standard output and standard error.
        case ended(Int32, output: String, errors: String)
    }

    /// Runs a program until it exits, or until it has taken too long.
    ///
    /// - Throws: `CancellationError`.
    static func run(
        _ program: ChildProcess.Program,
        _ arguments: [String],
        limit: Duration = .seconds(30)
    ) async throws -> End {
        try await withThrowingTaskGroup(of: End.self) { group in
            group.addTask { try await run(program, arguments) }
            group.addTask {
                try await Task.sleep(for: limit)
                return .failed("it did not answer within \(limit.components.seconds) seconds")
            }
            defer { group.cancelAll() }
            return try await group.next() ?? .notFound
        }
    }

    private static func run(
        _ program: ChildProcess.Program,
        _ arguments: [String]
    ) async throws -> End {
        do {
            let child = ChildProcess(program, arguments, environment: ToolEnvironment.changes)
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
