import Diagnostics
import Glibc
import SystemPackage

/// Waits for a child process without taking its exit status away from whoever has started it.
enum ChildEnd {
    /// How a child has ended.
    enum Kind: Equatable {
        case exited(Int32)
        case signaled(Int32)
    }

    /// Waits until a child of this process has ended.
    ///
    /// - Returns: how it has ended; nil when that cannot be found out.
    /// - Throws: `CancellationError`.
    static func wait(for child: pid_t) async throws -> Kind? {
        while true {
            var info = siginfo_t()
            guard waitid(P_PID, id_t(child), &info, WEXITED | WNOHANG | WNOWAIT) == 0 else {
                guard errno == EINTR else { return nil }
                continue
            }
            if info.si_signo == SIGCHLD {
                let status = info._sifields._sigchld.si_status
                return info.si_code == .init(CLD_EXITED) ? .exited(status) : .signaled(status)
            }
            try await Task.sleep(for: .milliseconds(2))
        }
    }
}
