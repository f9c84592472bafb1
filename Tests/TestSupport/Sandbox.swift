import Glibc
import SystemPackage

/// Runs programs with fewer rights, or with mounts of their own, whoever runs the tests.
package enum Sandbox {
    /// Whether the tests run as root, whom no permission stops.
    package static let isRoot = geteuid() == 0

    /// Whether a program can be given mounts of its own here.
    package static var canMount: Bool {
        get async {
            let result = try? await run(script: "mount -t tmpfs none /mnt")
            return result?.status == 0
        }
    }

    /// Runs a shell script that may mount what it likes; nobody else sees it.
    ///
    /// - Parameters:
    ///   - script: `$0` is 8cut, `$1` and so on are `arguments`.
    ///   - arguments: what the script works on.
    /// - Returns: what it has left behind.
    /// - Throws: when it cannot be started.
    package static func run(script: String, _ arguments: [String] = []) async throws
        -> ProgramResult
    {
        let flags = isRoot ? "-m" : "-rm"
        return try await Program.run(
            "unshare",
            [flags, "sh", "-c", script, Program.eightCut.string] + arguments
        )
    }

    /// Runs 8cut as a user whom permissions stop.
    ///
    /// - Parameters:
    ///   - arguments: what comes after the program's name.
    ///   - environment: variables that are set besides the tests' own.
    ///   - folder: a temporary folder, which the user is let into.
    /// - Returns: what it has left behind.
    /// - Throws: when it cannot be started.
    package static func run8cutAsOrdinaryUser(
        _ arguments: [String],
        environment: [String: String] = [:],
        in folder: TemporaryFolder
    ) async throws -> ProgramResult {
        let user = try await OrdinaryUser(in: folder)
        return try await user.run8cut(arguments, environment: environment)
    }
}
