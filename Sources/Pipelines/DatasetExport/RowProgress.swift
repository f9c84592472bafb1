import Progress
import Synchronization

/// Counts what is finished: clips, or archives of them.
final class RowProgress: Sendable {
    private let total: Int
    private let unit: String
    private let reporter: any ProgressReporter
    private let meter: ProgressMeter
    private let state = Mutex((done: 0, last: ContinuousClock.Instant?.none))

    /// - Parameters:
    ///   - total: how many there are.
    ///   - doneAtStart: those that an earlier run has finished, which say nothing of the speed.
    ///   - unit: what is counted.
    ///   - reporter: receives the events.
    init(
        total: Int,
        doneAtStart: Int,
        unit: String = "clip",
        reporter: any ProgressReporter
    ) {
        self.unit = unit
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
        let event = meter.progress(done: done, total: total, totalIsEstimate: false, unit: unit)
        try reporter.report(.progress(event))
    }
}
