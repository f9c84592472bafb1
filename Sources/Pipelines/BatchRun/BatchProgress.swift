import Diagnostics
import Glibc
import Progress
import Synchronization

/// Counts the rows that have ended, and the parts of those that are worked on.
final class BatchProgress: Sendable {
    private struct State {
        var done: Int
        /// The part that is done of each row that is worked on, 0…1.
        var parts: [String: Double] = [:]
        var lastReport: ContinuousClock.Instant?
    }

    private let state: Mutex<State>
    private let total: Int
    private let meter: ProgressMeter
    private let reporter: any ProgressReporter

    /// - Parameters:
    ///   - total: how many rows there are.
    ///   - doneAtStart: how many of them were done before.
    ///   - reporter: receives the events.
    init(total: Int, doneAtStart: Int, reporter: any ProgressReporter) {
        self.total = total
        self.reporter = reporter
        state = Mutex(State(done: doneAtStart))
        meter = ProgressMeter(doneAtStart: doneAtStart)
    }

    func begin() throws {
        try reporter.report(.progress(progress(state.withLock { $0.done }, worked: nil)))
    }

    /// Takes note of the part that is done of a row. Reports at most ten times a second.
    func note(_ part: Double, of row: String) throws {
        let work = state.withLock { state -> (Int, Double)? in
            // The masks follow the cut.
            state.parts[row] = max(part, state.parts[row] ?? 0)
            let now = ContinuousClock.now
            if let last = state.lastReport, last.duration(to: now) < .milliseconds(100) {
                return nil
            }
            state.lastReport = now
            return (state.done, Double(state.done) + state.parts.values.reduce(0, +))
        }
        guard let (done, worked) = work else { return }
        try reporter.report(.work(progress(done, worked: worked)))
    }

    /// Takes note that a row has ended.
    func end(_ row: String) throws {
        let (done, worked) = state.withLock { state in
            state.parts[row] = nil
            state.done += 1
            return (state.done, Double(state.done) + state.parts.values.reduce(0, +))
        }
        try reporter.report(.progress(progress(done, worked: worked)))
    }

    private func progress(_ done: Int, worked: Double?) -> ProgressEvent.Progress {
        meter.progress(
            done: done,
            total: total,
            totalIsEstimate: false,
            worked: worked,
            unit: "clip"
        )
    }
}

/// Receives the events of the work on one row: its progress is a part of that of all rows.
struct RowReporter: ProgressReporter {
    private let row: String
    private let progress: BatchProgress
    private let reporter: any ProgressReporter

    init(_ row: String, _ progress: BatchProgress, _ reporter: any ProgressReporter) {
        (self.row, self.progress, self.reporter) = (row, progress, reporter)
    }

    func report(_ event: ProgressEvent) throws {
        switch event {
        case .progress(let event), .work(let event):
            if let part = event.part { try progress.note(part, of: row) }
        case .warning(let warning):
            try reporter.report(
                .warning(
                    .init(code: warning.code, message: "\(quoted(row)): \(warning.message)")
                )
            )
        case .started, .output, .artifact, .finished, .failed: break
        }
    }
}

/// Measures what a row takes.
struct RowClock {
    private let meter = ProgressMeter()
    private let processor = processorTime()

    /// Since the start, to a hundredth.
    var seconds: Double { rounded(meter.elapsed) }

    /// What the program and its children have computed since the start, to a hundredth of a second.
    var processorSeconds: Double { rounded(Self.processorTime() - processor) }

    private func rounded(_ seconds: Double) -> Double { (seconds * 100).rounded() / 100 }

    private static func processorTime() -> Double {
        [RUSAGE_SELF.rawValue, RUSAGE_CHILDREN.rawValue].reduce(0) { sum, who in
            var usage = rusage()
            getrusage(__rusage_who_t(who), &usage)
            let times = [usage.ru_utime, usage.ru_stime]
            return times.reduce(sum) { $0 + Double($1.tv_sec) + Double($1.tv_usec) / 1e6 }
        }
    }
}
