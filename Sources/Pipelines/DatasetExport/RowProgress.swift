import Progress
import Synchronization

/// Counts the clips that are finished.
final class RowProgress: Sendable {
    private let total: Int
    private let reporter: any ProgressReporter
    private let meter: ProgressMeter
    private let state = Mutex((done: 0, last: ContinuousClock.Instant?.none))

    /// - Parameters:
    ///   - total: how many there are.
    ///   - doneAtStart: those that an earlier run has finished, which say nothing of the speed.
    ///   - reporter: receives the events.
    init(total: Int, doneAtStart: Int, reporter: any ProgressReporter) {
        meter = ProgressMeter(doneAtStart: doneAtStart)
        self.total = total
        self.reporter = reporter
    }

    /// Reports that so many more are finished, ten times a second at most.
    func report(_ count: Int) throws {
        let done = state.withLock { state -> Int? in
            state.done += count
            let now = ContinuousClock.now
            if state.done < total, let last = state.last, last.duration(to: now) < .seconds(0.1) {
                return nil
            }
            state.last = now
            return state.done
        }
        guard let done else { return }
        let event = meter.progress(done: done, total: total, totalIsEstimate: false, unit: "clip")
        try reporter.report(.progress(event))
    }
}
