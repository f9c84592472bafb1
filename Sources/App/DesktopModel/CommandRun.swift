import Diagnostics
import Glibc
import Processes
import Progress
import Synchronization
import SystemPackage

/// One run of `8cut` as a child process, whose progress events are told.
package struct CommandRun: Sendable {
    private let program: CommandLineProgram
    private let arguments: [String]
    /// Seconds for which the child may be silent before it counts as hung.
    private let silenceLimit: Double

    /// Plans a run.
    ///
    /// - Parameters:
    ///   - program: `8cut`.
    ///   - arguments: what comes after its name.
    ///   - silenceLimit: seconds for which it may be silent before it counts as hung.
    package init(
        program: CommandLineProgram,
        arguments: [String],
        silenceLimit: Double = Self.silenceLimit
    ) {
        self.program = program
        self.arguments = arguments
        self.silenceLimit = silenceLimit
    }

    /// Long enough for a large model that is loaded on a slow disk.
    package static let silenceLimit: Double =
        getenv("EIGHTCUT_SILENCE_LIMIT").flatMap { Double(String(cString: $0)) } ?? 300

    /// Runs it to its end. A cancelled task ends the child within a second.
    ///
    /// - Parameter tell: is told every event but the last.
    /// - Returns: how it has ended.
    /// - Throws: `CancellationError`, or `EightCutError`: that which the child has told, or what
    ///   has become of the child.
    @discardableResult
    package func run(
        _ tell: @escaping @Sendable (ProgressEvent) async -> Void
    ) async throws -> ProgressEvent.Finished {
        let sign = LifeSign()
        let outcome: Outcome
        let exit: ChildExit
        do {
            (outcome, exit) = try await program.child(arguments + ["--progress", "json"]).run(
                output: .piped,
                errors: .piped
            ) { child in
                async let lastLine = Self.lastLine(of: child.errors)
                // The window comes first.
                setpriority(__priority_which_t(PRIO_PROCESS.rawValue), id_t(child.id), 5)
                let limit = silenceLimit
                let watch = Task { () -> Bool in
                    while !Task.isCancelled {
                        try await Task.sleep(for: .seconds(min(1, limit / 4)))
                        guard sign.silence > limit else { continue }
                        kill(child.id, SIGKILL)
                        return true
                    }
                    return false
                }
                defer { watch.cancel() }
                var end: ProgressEvent?
                for try await line in child.output.lines {
                    sign.give()
                    guard let event = try? ProgressEvent(jsonLine: line) else { continue }
                    switch event {
                    case .finished, .failed: end = event
                    default: await tell(event)
                    }
                }
                watch.cancel()
                let hasHung = (try? await watch.value) ?? false
                return Outcome(end: end, lastLine: await lastLine, hasHung: hasHung)
            }
        } catch let error as ChildProcessError {
            throw program.startError(error)
        }
        return try end(outcome, exit)
    }

    private struct Outcome: Sendable {
        let end: ProgressEvent?
        let lastLine: String?
        let hasHung: Bool
    }

    private func end(_ outcome: Outcome, _ exit: ChildExit) throws -> ProgressEvent.Finished {
        switch outcome.end {
        case .finished(let finished): return finished
        case .failed(let error): throw error
        default: break
        }
        let why: String
        switch exit {
        case .signaled where outcome.hasHung:
            why = "it gave no sign of life for \(Int(silenceLimit)) seconds and was ended"
        case .signaled(let signal):
            why = "it was ended by signal \(ChildExit.describe(signal: signal))"
        case .exited(let status):
            why = "it ended with status \(status)" + (outcome.lastLine.map { ": \($0)" } ?? "")
        }
        throw EightCutError(
            .toolFailed,
            "cannot finish 8cut " + arguments.prefix(2).joined(separator: " "),
            because: why,
            remedy: "Try again: what is finished is kept. If the system had too little memory, "
                + "close other programs or choose a smaller model first."
        )
    }

    private static func lastLine(of errors: ChildOutput) async -> String? {
        var last: String?
        do {
            for try await line in errors.terminalLines {
                let text = line.split(whereSeparator: \.isNewline).joined(separator: " ")
                if !text.isEmpty { last = text }
            }
        } catch {}
        return last
    }
}

/// When a child has last given a sign of life.
private final class LifeSign: Sendable {
    private let time = Mutex(ContinuousClock.now)

    func give() { time.withLock { $0 = .now } }

    /// Seconds since then.
    var silence: Double { time.withLock { $0.duration(to: .now) / .seconds(1) } }
}
