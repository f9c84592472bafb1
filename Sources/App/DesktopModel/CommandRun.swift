import Diagnostics
import Files
import Glibc
import Processes
import Progress
import Synchronization
import SystemPackage

/// One run of `8cut` as a child process that reports its progress.
package struct CommandRun: Sendable {
    private let program: CommandLineProgram
    private let arguments: [String]
    private let silenceLimit: Double
    private let grace: Duration

    /// - Parameters:
    ///   - program: `8cut`.
    ///   - arguments: its arguments.
    ///   - silenceLimit: seconds without output after which the child counts as hung.
    ///   - grace: how long a cancelled child may clean up before it is killed.
    package init(
        program: CommandLineProgram,
        arguments: [String],
        silenceLimit: Double = Self.silenceLimit,
        grace: Duration = CommandLineProgram.grace
    ) {
        self.program = program
        self.arguments = arguments
        self.silenceLimit = silenceLimit
        self.grace = grace
    }

    /// Long enough for loading a large model from a slow disk.
    package static let silenceLimit: Double =
        getenv("EIGHTCUT_SILENCE_LIMIT").flatMap { Double(String(cString: $0)) }.map {
            bounded($0, 0.1...Limits.seconds.upperBound)
        } ?? 300

    /// Runs the child until it exits. A cancelled task ends it within a second.
    ///
    /// - Parameter report: called with every event but the last.
    /// - Returns: the last event.
    /// - Throws: `CancellationError`, or `EightCutError`: the child's own, or how it ended.
    @discardableResult
    package func run(
        _ report: @escaping @Sendable (ProgressEvent) async -> Void
    ) async throws -> ProgressEvent.Finished {
        let sign = LifeSign()
        let outcome: Outcome
        let exit: ChildExit
        do {
            (outcome, exit) = try await program.child(
                arguments + ["--progress", "json"],
                grace: grace
            ).run(
                output: .piped,
                errors: .piped
            ) { child in
                async let lastLine = Self.lastLine(of: child.errors)
                // The window has priority.
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
                    default: await report(event)
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
        let why: MessageText
        switch exit {
        case .signaled where outcome.hasHung:
            why = "it gave no sign of life for \(Int(silenceLimit)) seconds and was ended"
        case .signaled(let signal):
            why = "it was ended by signal \(ChildExit.describe(signal: signal))"
        case .exited(let status):
            why =
                outcome.lastLine.map { "it ended with status \(status): \($0)" }
                ?? "it ended with status \(status)"
        }
        throw EightCutError(
            .toolFailed,
            "cannot finish 8cut \(arguments.prefix(2).joined(separator: " "))",
            because: why,
            remedy: "Try again: what is finished is kept. If the system had too little memory, "
                + "close other programs or choose a smaller model first."
        )
    }

    private static func lastLine(of errors: ChildOutput) async -> String? {
        var last: String?
        do {
            for try await line in errors.terminalLines {
                let text = visible(line.exactLines.joined(separator: " "))
                if !text.isEmpty { last = text }
            }
        } catch {}
        return last
    }
}

/// When a child has last written something.
private final class LifeSign: Sendable {
    private let time = Mutex(ContinuousClock.now)

    func give() { time.withLock { $0 = .now } }

    /// Seconds since then.
    var silence: Double { time.withLock { $0.duration(to: .now) / .seconds(1) } }
}

/// The program `8cut`, which does all long work in child processes.
package struct CommandLineProgram: Sendable {
    package let path: FilePath
    /// The home folder, shared with the app.
    package let home: EightCutHome

    package init(_ path: FilePath, home: EightCutHome = .current) {
        self.path = path
        self.home = home
    }

    /// The program beside the running one, otherwise the one in PATH.
    ///
    /// - Throws: `EightCutError` if there is none.
    package static func find() throws -> CommandLineProgram {
        for folder in [folderOfApp] + ProgramSearch.folders {
            let path = folder.appending("8cut")
            if path.withPlatformString({ access($0, X_OK) }) == 0 {
                return CommandLineProgram(path)
            }
        }
        throw EightCutError(
            .toolMissing,
            "cannot find the program",
            on: "8cut",
            because: "it is neither beside 8cut-desktop nor in PATH",
            remedy: "Install both together: make install."
        )
    }

    /// The folder of the running program.
    package static var folderOfApp: FilePath {
        var buffer = [CChar](repeating: 0, count: 4096)
        let count = max(0, readlink("/proc/self/exe", &buffer, buffer.count - 1))
        buffer[count] = 0
        return FilePath(platformString: buffer).removingLastComponent()
    }

    func startError(_ error: ChildProcessError) -> EightCutError {
        EightCutError(
            .toolFailed,
            "cannot run",
            on: path.string,
            because: error.reason,
            remedy: "Check that 8cut is installed beside 8cut-desktop."
        )
    }

    /// How long a cancelled child may take: cancelling ends within a second.
    package static let grace = Duration.milliseconds(900)

    /// A child that, when cancelled, gets a SIGTERM, and a SIGKILL if it does not end.
    func child(_ arguments: [String], grace: Duration = Self.grace) -> ChildProcess {
        var child = ChildProcess(
            .path(path),
            arguments,
            // A name that is not UTF-8 is only passed on by inheriting it.
            environment: home == .current ? [:] : ["EIGHTCUT_HOME": home.path.string],
            stop: .terminate(grace: grace)
        )
        // It is the one that sends the token to the hub.
        child.keepsSecrets = true
        return child
    }
}
