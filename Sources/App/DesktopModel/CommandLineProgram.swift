import Diagnostics
import Files
import Glibc
import Processes
import SystemPackage

/// The program `8cut`, which does all the work that takes long, as child processes.
package struct CommandLineProgram: Sendable {
    /// Where it is.
    package let path: FilePath
    /// Where it keeps what it has, the same as the app.
    package let home: EightCutHome

    /// A program at a place.
    ///
    /// - Parameters:
    ///   - path: where it is.
    ///   - home: where it keeps what it has.
    package init(_ path: FilePath, home: EightCutHome = .current) {
        self.path = path
        self.home = home
    }

    /// The program that lies beside the one that runs, else the one in PATH.
    ///
    /// - Throws: `EightCutError` when there is none.
    package static func find() throws -> CommandLineProgram {
        let folders =
            [folderOfApp]
            + (getenv("PATH").map { String(cString: $0) } ?? "").split(separator: ":").map {
                FilePath(String($0))
            }
        for folder in folders {
            let path = folder.appending("8cut")
            if access(path.string, X_OK) == 0 { return CommandLineProgram(path) }
        }
        throw EightCutError(
            .toolMissing,
            "cannot find the program",
            on: "8cut",
            because: "it is neither beside 8cut-desktop nor in PATH",
            remedy: "Install both together: make install."
        )
    }

    /// The folder of the program that runs.
    package static var folderOfApp: FilePath {
        var buffer = [CChar](repeating: 0, count: 4096)
        let count = max(0, readlink("/proc/self/exe", &buffer, buffer.count - 1))
        return FilePath(String(decoding: buffer[..<count].map(UInt8.init), as: UTF8.self))
            .removingLastComponent()
    }

    /// Says that it cannot be started.
    func startError(_ error: ChildProcessError) -> EightCutError {
        EightCutError(
            .toolFailed,
            "cannot run",
            on: path.string,
            because: error.reason,
            remedy: "Check that 8cut is installed beside 8cut-desktop."
        )
    }

    /// A run of the program. If it is cancelled it is asked to end, and killed if it does not.
    func child(_ arguments: [String]) -> ChildProcess {
        ChildProcess(
            .path(path),
            arguments,
            environment: ["EIGHTCUT_HOME": home.path.string],
            stop: .terminate(grace: .milliseconds(900))
        )
    }
}
