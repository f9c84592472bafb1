import Diagnostics
import Dispatch
import Glibc
import Synchronization

/// A signal ended the run.
package struct Interrupted: Error, Equatable {
    package let signal: Int32

    /// The exit status that shells use for it.
    package var exitStatus: Int32 { 128 + signal }

    package init(signal: Int32) {
        self.signal = signal
    }

    package var error: EightCutError {
        EightCutError(
            .interrupted,
            "stopped",
            because: "by \(Self.names[signal] ?? "signal \(signal)")",
            remedy: "Run the same command again to go on where it stopped."
        )
    }

    static let names: [Int32: String] = [
        SIGINT: "Ctrl-C", SIGTERM: "a request to terminate", SIGHUP: "the closed terminal",
        SIGPIPE: "the process that closed the output",
    ]
}

extension EightCutError {
    /// What a user is told when work ends with `error`, whatever that is.
    package init(ending error: any Error) {
        switch error {
        case let error as EightCutError: self = error
        case let interruption as Interrupted: self = interruption.error
        case is OutputClosed: self = Interrupted(signal: SIGPIPE).error
        case is CancellationError:
            self.init(
                .interrupted,
                "stopped",
                because: "by request",
                remedy: "Send the same request again to go on where it stopped."
            )
        default: self = .internalFault(because: "\(error)")
        }
    }
}

/// Runs `body` in a task that Ctrl-C, SIGTERM and SIGHUP cancel; a second signal ends the
/// process at once. A closed standard output (`OutputClosed`) cancels as well.
///
/// - Throws: `Interrupted` when a signal ended the work, else what `body` throws.
package func withInterruption<Result: Sendable>(
    _ body: @escaping @Sendable () async throws -> Result
) async throws -> Result {
    signal(SIGPIPE, SIG_IGN)
    let received = Mutex<Int32?>(nil)
    let task = Task { try await body() }
    let sources = [SIGINT, SIGTERM, SIGHUP].map { number in
        signal(number, SIG_IGN)
        let source = DispatchSource.makeSignalSource(
            signal: number,
            queue: .global(qos: .userInteractive)
        )
        source.setEventHandler { @Sendable in
            let isSecond = received.withLock { first in
                defer { first = first ?? number }
                return first != nil
            }
            if isSecond { _exit(128 + number) }
            task.cancel()
        }
        source.resume()
        return source
    }
    defer { sources.forEach { $0.cancel() } }
    do {
        return try await task.value
    } catch is OutputClosed {
        throw Interrupted(signal: SIGPIPE)
    } catch {
        if let number = received.withLock({ $0 }) { throw Interrupted(signal: number) }
        throw error
    }
}
