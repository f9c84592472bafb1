import Files
import Glibc
import SystemPackage

/// A folder to put in the place of PATH: only the programs in it are found.
package struct ProgramFolder: Sendable {
    /// The value of PATH.
    package var path: String { folder.string }

    private let folder: FilePath

    /// Makes it.
    ///
    /// - Parameters:
    ///   - folder: where; it is created.
    ///   - real: names of programs that are found as they are.
    /// - Throws: when they are not installed.
    package init(_ folder: FilePath, real: [String]) async throws {
        self.folder = folder
        try Folder.create(folder)
        for name in real { symlink(try await Self.find(name), folder.appending(name).string) }
    }

    /// Adds a shell script; `$REAL` in it is the real program of that name.
    package func add(_ name: String, script: String) async throws {
        let path = folder.appending(name)
        let text = "#!/bin/sh\nREAL=\(try await Self.find(name))\n" + script + "\n"
        try AtomicFile.write(text, to: path)
        chmod(path.string, 0o755)
    }

    private static func find(_ name: String) async throws -> String {
        let result = try await Program.run("sh", ["-c", "command -v \(name)"])
        guard let line = result.lines.first else { throw ProgramFailure(result: result) }
        return line
    }
}
