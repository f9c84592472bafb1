import Files
import Glibc
import SystemPackage

/// A user whom permissions stop: nobody where root runs the tests, or else who runs them.
package struct OrdinaryUser: Sendable {
    /// The number of the user.
    package static let id: uid_t = Sandbox.isRoot ? 65_534 : geteuid()

    /// A home folder of the user's own, in the temporary folder.
    package let home: FilePath
    /// `8cut`, where the user can start it.
    package let program: FilePath

    private static let becoming = [
        "setpriv", "--reuid=\(id)", "--regid=\(id)", "--clear-groups", "--inh-caps=-all", "--",
    ]

    /// Lets the user into a temporary folder.
    ///
    /// - Throws: when that is not possible.
    package init(in folder: TemporaryFolder) async throws {
        chmod(folder.path.string, 0o755)
        home = folder["user-home"]
        try Folder.create(home)
        chmod(home.string, 0o755)
        if Sandbox.isRoot { chown(home.string, Self.id, Self.id) }
        program = try await Self.program(in: folder)
    }

    /// The built program, or a copy of it: it may have been built where only root can go.
    private static func program(in folder: TemporaryFolder) async throws -> FilePath {
        let built = Program.eightCut
        guard Sandbox.isRoot else { return built }
        let access = try await run(["test", "-x", built.string])
        if access.status == 0 { return built }
        let copy = folder["8cut-copy"]
        if try Folder.kind(of: copy) == .missing {
            let copied = try await Program.run("cp", [built.string, copy.string])
            guard copied.status == 0 else { throw ProgramFailure(result: copied) }
            chmod(copy.string, 0o755)
        }
        return copy
    }

    private static func run(
        _ words: [String],
        environment: [String: String] = [:],
        in folder: FilePath? = nil
    ) async throws -> ProgramResult {
        // Outside of the user's processes, so that a limit on those leaves it alone.
        let words = ["timeout", "-k", "5", "120"] + (Sandbox.isRoot ? becoming : []) + words
        return try await Program.run(
            words[0],
            Array(words.dropFirst()),
            environment: environment,
            in: folder
        )
    }

    /// Makes a folder that belongs to the user.
    package func makeFolder(_ path: FilePath) throws {
        try Folder.create(path)
        if Sandbox.isRoot { chown(path.string, Self.id, Self.id) }
    }

    /// Runs 8cut as the user.
    ///
    /// - Parameters:
    ///   - arguments: what comes after the program's name.
    ///   - environment: variables that are set besides the tests' own.
    ///   - folder: where it runs.
    /// - Returns: what it has left behind.
    /// - Throws: when it cannot be started.
    package func run8cut(
        _ arguments: [String],
        environment: [String: String] = [:],
        in folder: FilePath? = nil
    ) async throws -> ProgramResult {
        try await run(script: #"exec "$0" "$@""#, arguments, environment: environment, in: folder)
    }

    /// Runs a shell script as the user.
    ///
    /// - Parameters:
    ///   - script: `$0` is 8cut, `$1` and so on are `arguments`.
    ///   - arguments: what the script works on.
    ///   - environment: variables that are set besides the tests' own and the user's `HOME`.
    ///   - processes: how many processes and threads the user may have; nil for no limit.
    ///   - folder: where it runs; the home folder if nil.
    /// - Returns: what it has left behind; the status 124 or 137 after two minutes.
    /// - Throws: when it cannot be started.
    package func run(
        script: String,
        _ arguments: [String] = [],
        environment: [String: String] = [:],
        processes: Int? = nil,
        in folder: FilePath? = nil
    ) async throws -> ProgramResult {
        let limit = processes.map { ["prlimit", "--nproc=\($0)"] } ?? []
        let variables = [
            "HOME": home.string, "XDG_DATA_HOME": home.appending("data").string,
        ].merging(environment) { $1 }
        return try await Self.run(
            limit + ["sh", "-c", script, program.string] + arguments,
            environment: variables,
            in: folder ?? home
        )
    }
}
