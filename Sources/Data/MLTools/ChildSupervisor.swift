import Diagnostics
import Dispatch
import Glibc
import Subprocess
import SystemPackage

/// Stands between `8cut` and a long child process, as a process of its own that leads the
/// child's session. Its standard input is a pipe whose other end only `8cut` holds: when that
/// closes, `8cut` has ended, however it ended, and the whole session is killed. So no pip goes on
/// writing into an environment that the next command already repairs.
package enum ChildSupervisor {
    /// Runs a program under supervision.
    ///
    /// - Parameter words: its path, or a name for PATH, and its arguments.
    /// - Returns: its exit status, 127 when it cannot be started, or 128 + the number of the
    ///   signal that ended it.
    package static func run(_ words: [String]) async -> Int32 {
        guard let name = words.first else { return ErrorCode.usage.exitStatus }
        watchStandardInput()
        do {
            let result = try await Subprocess.run(
                name.contains("/") ? .path(FilePath(name)) : .name(name),
                arguments: Arguments(Array(words.dropFirst())),
                input: .none,
                output: .fileDescriptor(.standardOutput, closeAfterSpawningProcess: false),
                error: .fileDescriptor(.standardError, closeAfterSpawningProcess: false)
            )
            switch result.terminationStatus {
            case .exited(let status): return status
            case .signaled(let signal): return 128 + signal
            }
        } catch {
            writeLine("cannot run \(quoted(name)): \(error)", to: STDERR_FILENO)
            return 127
        }
    }

    private static func watchStandardInput() {
        DispatchQueue.global().async {
            var byte: UInt8 = 0
            while true {
                let count = read(STDIN_FILENO, &byte, 1)
                if count > 0 || (count < 0 && errno == EINTR) { continue }
                break
            }
            // Somebody who runs this by hand must not lose their own session.
            guard getpgrp() == getpid() else { _exit(ErrorCode.interrupted.exitStatus) }
            kill(0, SIGKILL)
        }
    }
}
