import CProcess
import Diagnostics
import Dispatch
import Glibc

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

/// Runs `body` in a task that Ctrl-C, SIGTERM and SIGHUP cancel; a second signal, or three seconds
/// without an end, end the process at once, even where no thread can be made (CProcess,
/// `stop_signals.h`). A closed standard output (`OutputClosed`) ends the work as well.
///
/// - Throws: `Interrupted` when a signal ended the work, else what `body` throws.
package func withInterruption<Result: Sendable>(
    _ body: @escaping @Sendable () async throws -> Result
) async throws -> Result {
    signal(SIGPIPE, SIG_IGN)
    let error = stop_signals_handle()
    guard error == 0 else {
        let why = String(cString: strerror(error))
        throw EightCutError(.toolFailed, "cannot handle signals", because: why)
    }
    let task = Task { try await body() }
    // Dispatch's objects may be used from any thread, which it does not declare.
    nonisolated(unsafe) let source = DispatchSource.makeReadSource(
        fileDescriptor: stop_signals_descriptor(),
        queue: .global(qos: .userInteractive)
    )
    source.setEventHandler { @Sendable in
        task.cancel()
        // Nobody reads from it, so it stays readable.
        source.cancel()
    }
    source.resume()
    defer { source.cancel() }
    do {
        return try await task.value
    } catch {
        let number = stop_signals_first()
        if number != 0 { throw Interrupted(signal: number) }
        throw error is OutputClosed ? Interrupted(signal: SIGPIPE) : error
    }
}
