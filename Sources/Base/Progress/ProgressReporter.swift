import Diagnostics
import Glibc
import Synchronization

/// Receives the events of a job. Safe to call from any thread.
package protocol ProgressReporter: Sendable {
    /// Reports an event.
    ///
    /// - Throws: what `writeOutput` throws when the output is closed or full; the job should end.
    func report(_ event: ProgressEvent) throws
}

extension ProgressReporter {
    /// Reports a warning, unless there is nothing to say.
    package func warn(_ code: String, _ message: String?) throws {
        guard let message else { return }
        try report(.warning(.init(code: code, message: message)))
    }
}

extension Log {
    fileprivate func write(_ warning: ProgressEvent.Warning) {
        if warning.isAlert { alert(warning.message) } else { self.warning(warning.message) }
    }
}

/// Drops all events.
package struct SilentReporter: ProgressReporter {
    package init() {}

    package func report(_ event: ProgressEvent) {}
}

/// One JSON object per line on standard output, for programs.
package struct JSONReporter: ProgressReporter {
    private let descriptor: Int32

    package init(descriptor: Int32 = STDOUT_FILENO) {
        self.descriptor = descriptor
    }

    /// What was set aside is also said on standard error, where a person may look first.
    package func report(_ event: ProgressEvent) throws {
        if case .warning(let warning) = event, warning.code == "damagedList" {
            Log(level: .quiet).write(warning)
        }
        try writeOutput(try event.jsonLine(), to: descriptor)
    }
}

/// What a command's standard output is for.
package enum OutputUse: Sendable {
    /// For progress, and what a person wants to know.
    case progress
    /// For a result, such as figures: `output` events and nothing else, whatever is said about
    /// progress, which goes to standard error.
    case result

    /// Writes a line that is no result.
    ///
    /// - Throws: what `writeOutput` throws.
    fileprivate func write(_ line: String) throws {
        switch self {
        case .progress: try writeOutput(line)
        case .result: writeLine(line, to: STDERR_FILENO)
        }
    }
}

/// Nothing but warnings, on standard error, and results.
package struct WarningReporter: ProgressReporter {
    private let log: Log
    private let use: OutputUse

    package init(log: Log, _ use: OutputUse = .progress) {
        self.log = log
        self.use = use
    }

    package func report(_ event: ProgressEvent) throws {
        switch (event, use) {
        case (.warning(let warning), _): log.write(warning)
        case (.output(let output), .result): try writeOutput(output.text)
        default: break
        }
    }
}

/// `frame N/total` lines on standard output, or on standard error beside a result, for logs and
/// simple scripts. Bytes are reported at most once a second, with speed and time left, and their end
/// once.
package final class PlainReporter: ProgressReporter {
    private let log: Log
    private let use: OutputUse
    private let lastBytes = Mutex(ReportedBytes())
    private let lastLine = Mutex("")

    private struct ReportedBytes {
        var time: ContinuousClock.Instant?
        var count: Int?
    }

    package init(log: Log, _ use: OutputUse = .progress) {
        self.log = log
        self.use = use
    }

    package func report(_ event: ProgressEvent) throws {
        switch event {
        case .started, .work, .failed: break
        case .progress(let progress) where progress.unit == "byte":
            if isDue(progress) { try use.write(ProgressBar.counts(progress)) }
        case .progress(let progress):
            let total = progress.total.map(String.init) ?? "?"
            let line = "\(progress.unit) \(progress.done)/\(total)"
            // The end of a job may repeat the report of its last step.
            let isNew = lastLine.withLock { last in
                defer { last = line }
                return last != line
            }
            if isNew { try use.write(line) }
        case .output(let output): try writeOutput(output.text)
        case .artifact(let artifact): try use.write("\(artifact.kind): \(visible(artifact.path))")
        case .warning(let warning): log.write(warning)
        case .finished(let end): try use.write(visibleLines(end.summary))
        }
    }

    private func isDue(_ progress: ProgressEvent.Progress) -> Bool {
        lastBytes.withLock { last in
            let now = ContinuousClock.now
            let isLast = progress.done == progress.total
            if isLast, last.count == progress.done { return false }
            if !isLast, let time = last.time, time.duration(to: now) < .seconds(1) { return false }
            last = ReportedBytes(time: now, count: progress.done)
            return true
        }
    }
}

/// A progress bar with speed and time left on standard error, for terminals.
package final class BarReporter: ProgressReporter {
    private let log: Log
    private let use: OutputUse
    private let state = Mutex(State())

    private struct State {
        var title = ""
        var lastDrawn: ContinuousClock.Instant?
        var isDrawn = false
    }

    package init(log: Log, _ use: OutputUse = .progress) {
        self.log = log
        self.use = use
    }

    /// Draws the bar at most ten times a second; clears it for everything else.
    package func report(_ event: ProgressEvent) throws {
        switch event {
        case .started(let job): state.withLock { $0.title = job.job }
        case .progress(let progress), .work(let progress): draw(progress)
        case .output(let output):
            clear()
            try writeOutput(output.text)
        case .artifact(let artifact):
            clear()
            try use.write("\(artifact.kind): \(visible(artifact.path))")
        case .warning(let warning):
            clear()
            log.write(warning)
        case .finished(let end):
            clear()
            try use.write(visibleLines(end.summary))
        case .failed: clear()
        }
    }

    private func draw(_ progress: ProgressEvent.Progress) {
        state.withLock { state in
            let now = ContinuousClock.now
            let isLast = progress.done == progress.total
            if !isLast, let last = state.lastDrawn, last.duration(to: now) < .milliseconds(100) {
                return
            }
            state.lastDrawn = now
            state.isDrawn = true
            let line = ProgressBar.line(
                title: state.title,
                progress: progress,
                columns: terminalColumns()
            )
            writeText("\r\u{1b}[K" + line, to: STDERR_FILENO)
        }
    }

    private func clear() {
        state.withLock { state in
            guard state.isDrawn else { return }
            state.isDrawn = false
            writeText("\r\u{1b}[K", to: STDERR_FILENO)
        }
    }

    private func terminalColumns() -> Int {
        var size = winsize()
        guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
        return Int(size.ws_col)
    }
}
