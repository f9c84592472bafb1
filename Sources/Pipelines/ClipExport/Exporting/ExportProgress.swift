import Progress
import Synchronization

/// Adds up the pictures of clips that are cut side by side.
final class ExportProgress: Sendable {
    private let state = Mutex(State())
    private let total: Int
    private let meter = ProgressMeter()
    private let reporter: any ProgressReporter

    private struct State {
        var done: [Int: Int] = [:]
        var lastTold: ContinuousClock.Instant?
    }

    /// Starts the clock.
    init(total: Int, reporter: any ProgressReporter) {
        self.total = total
        self.reporter = reporter
    }

    /// Tells how many pictures of a group are done, ten times a second at most.
    func report(_ group: Int, _ count: Int) throws {
        let sum = state.withLock { state -> Int? in
            state.done[group] = count
            let sum = min(total, state.done.values.reduce(0, +))
            let now = ContinuousClock.now
            if sum < total, let last = state.lastTold, last.duration(to: now) < .milliseconds(100) {
                return nil
            }
            state.lastTold = now
            return sum
        }
        guard let sum else { return }
        try reporter.report(
            .progress(meter.progress(done: sum, total: total, totalIsEstimate: false))
        )
    }

    /// Seconds since the start, to a tenth.
    var seconds: Double { (meter.elapsed * 10).rounded() / 10 }
}
