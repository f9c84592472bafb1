import Glibc
import Processes
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
        let child = ChildProcess(
            ChildProcess.Program(program),
            arguments,
            environment: environment.mapValues { Optional($0) },
            folder: folder,
            hasOwnSession: false
        )
        let (texts, exit) = try await child.run(output: .piped, errors: .piped) { child in
            async let output = collect(child.output)
            async let errors = collect(child.errors)
            try await whileRunning(child.id)
            return (output: try await output, errors: try await errors)
        }
        return ProgramResult(status: exit.shellStatus, output: texts.output, errors: texts.errors)
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

    private static func collect(_ stream: ChildOutput) async throws -> String {
        var bytes: [UInt8] = []
        for try await piece in stream { bytes += piece }
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// A program that had to succeed did not.
package struct ProgramFailure: Error {
    /// How it ended.
    package let result: ProgramResult
}
