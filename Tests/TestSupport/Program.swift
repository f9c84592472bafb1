import Glibc
import Subprocess
import Synchronization
import SystemPackage

/// What a finished program has left behind.
package struct ProgramResult: Sendable {
    /// Exit status, or 128 + the number of the signal that ended it, as a shell says it.
    package let status: Int32
    /// What it wrote on standard output.
    package let output: String
    /// What it wrote on standard error.
    package let errors: String

    /// The lines of `output`.
    package var lines: [String] { output.split(separator: "\n").map(String.init) }
}

/// Runs programs as a user would, `8cut` above all.
package enum Program {
    /// The `8cut` that was built together with the tests.
    package static let eightCut: FilePath = {
        var buffer = [CChar](repeating: 0, count: 4096)
        let count = readlink("/proc/self/exe", &buffer, buffer.count - 1)
        let tests = FilePath(
            String(decoding: buffer[..<max(0, count)].map(UInt8.init), as: UTF8.self)
        )
        return tests.removingLastComponent().appending("8cut")
    }()

    /// How long a cancelled run may take to end while other tests keep the machine busy. On a
    /// quiet one it is well under the second that is promised.
    package static let stopLimit = Duration.seconds(4)

    /// Runs `8cut` to its end.
    ///
    /// - Parameters:
    ///   - arguments: what comes after the program's name.
    ///   - environment: variables that are set besides the tests' own.
    ///   - folder: where it runs.
    ///   - whileRunning: called with the process ID when it has started.
    /// - Returns: how it ended and what it said.
    /// - Throws: what `whileRunning` throws, or an error when it cannot be started.
    package static func run8cut(
        _ arguments: [String],
        environment: [String: String] = [:],
        in folder: FilePath? = nil,
        whileRunning: @escaping @Sendable (pid_t) async throws -> Void = { _ in }
    ) async throws -> ProgramResult {
        try await run(
            eightCut.string,
            arguments,
            environment: environment,
            in: folder,
            whileRunning: whileRunning
        )
    }

    /// Runs any program to its end: a path, or a name that is looked up in PATH.
    package static func run(
        _ program: String,
        _ arguments: [String],
        environment: [String: String] = [:],
        in folder: FilePath? = nil,
        whileRunning: @escaping @Sendable (pid_t) async throws -> Void = { _ in }
    ) async throws -> ProgramResult {
        var variables: [Environment.Key: String] = [:]
        for (name, value) in environment {
            variables[Environment.Key(rawValue: name) ?? "IGNORED"] = value
        }
        let result = try await Subprocess.run(
            program.contains("/") ? .path(FilePath(program)) : .name(program),
            arguments: Arguments(arguments),
            environment: .inherit.updating(variables.mapValues { Optional($0) }),
            workingDirectory: folder,
            input: .none,
            output: .sequence,
            error: .sequence
        ) { execution in
            async let output = collect(execution.standardOutput)
            async let errors = collect(execution.standardError)
            try await whileRunning(execution.processIdentifier.value)
            return (try await output, try await errors)
        }
        let status: Int32 =
            switch result.terminationStatus {
            case .exited(let status): status
            case .signaled(let signal): 128 + signal
            }
        return ProgramResult(
            status: status,
            output: result.closureResult.0,
            errors: result.closureResult.1
        )
    }

    /// Runs ffmpeg and expects it to succeed.
    package static func ffmpeg(_ arguments: [String], in folder: FilePath? = nil) async throws {
        let result = try await run(
            "ffmpeg",
            ["-hide_banner", "-nostdin", "-loglevel", "error", "-y"] + arguments,
            in: folder
        )
        guard result.status == 0 else { throw ProgramFailure(result: result) }
    }

    private static func collect(_ sequence: SubprocessOutputSequence) async throws -> String {
        var bytes: [UInt8] = []
        for try await buffer in sequence {
            buffer.withUnsafeBytes { bytes.append(contentsOf: $0) }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// A program that had to succeed did not.
package struct ProgramFailure: Error {
    /// How it ended.
    package let result: ProgramResult
}
