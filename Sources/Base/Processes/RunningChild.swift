import Diagnostics
import Glibc
import Subprocess
import SystemPackage

/// A child process that runs. Its streams are valid until the body of `ChildProcess.run` returns.
package struct RunningChild: Sendable {
    /// The process ID; also that of its process group and session, if it leads one.
    package let id: pid_t
    package let input: ChildInput
    /// What it writes to standard output, if that is piped.
    package let output: ChildOutput
    /// What it writes to standard error, if that is piped.
    package let errors: ChildOutput

    /// Waits until it has exited, without reaping it.
    ///
    /// - Returns: how it ended; nil if that cannot be determined.
    /// - Throws: `CancellationError`.
    package func waitForExit() async throws -> ChildExit? {
        while true {
            var info = siginfo_t()
            guard waitid(P_PID, id_t(id), &info, WEXITED | WNOHANG | WNOWAIT) == 0 else {
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

/// How a child ended.
package enum ChildExit: Sendable, Equatable {
    case exited(Int32)
    case signaled(Int32)

    init(_ status: TerminationStatus) {
        switch status {
        case .exited(let status): self = .exited(status)
        case .signaled(let signal): self = .signaled(signal)
        }
    }

    package var isSuccess: Bool { self == .exited(0) }

    /// The status as shells report it: 128 + the signal's number for a child that was killed.
    package var shellStatus: Int32 {
        switch self {
        case .exited(let status): status
        case .signaled(let signal): 128 + signal
        }
    }

    /// A signal as error messages show it: "9 (Killed)".
    package static func describe(signal: Int32) -> String {
        "\(signal) (\(String(cString: strsignal(signal))))"
    }
}

/// Why a child could not be run.
package enum ChildProcessError: Error, Equatable {
    /// There is no such program.
    case notFound(program: String)
    /// It could not be started, or not be read from or written to.
    case failed(program: String, reason: String)
    /// It no longer reads its standard input.
    case inputClosed

    init(_ error: SubprocessError, _ program: String) {
        self =
            error.code == .executableNotFound
            ? .notFound(program: program)
            : .failed(program: program, reason: error.description)
    }

    /// The reason alone.
    package var reason: String { text.english }

    private var text: MessageText {
        switch self {
        case .notFound(let program): "the program \(program) is not installed"
        case .failed(_, let reason): MessageText(reason)
        case .inputClosed: "it closed its standard input"
        }
    }

    /// The error to show to people.
    ///
    /// - Parameters:
    ///   - what: what cannot be done when the program is missing.
    ///   - subject: on what.
    ///   - remedy: how to install the program.
    /// - Returns: an error of code `toolMissing` if there is no such program, otherwise
    ///   `toolFailed`.
    package func error(
        _ what: some MessageConvertible,
        on subject: String?,
        remedy: MessageText
    ) -> EightCutError {
        let what = what.messageText
        return switch self {
        case .notFound:
            EightCutError(.toolMissing, what, on: subject, because: text, remedy: remedy)
        case .failed(let program, _):
            EightCutError(.toolFailed, "cannot run \(program)", on: subject, because: text)
        case .inputClosed:
            EightCutError(.toolFailed, what, on: subject, because: text)
        }
    }
}
