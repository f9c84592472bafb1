import Jobs
import Synchronization

/// Adds up the pictures of clips that are cut side by side.
final class ExportProgress: Sendable {
    private let done: Mutex<[Int: Int]>
    private let total: Int
    private let meter = ProgressMeter()
    private let reporter: any JobReporter

    /// Starts the clock.
    init(total: Int, reporter: any JobReporter) {
        done = Mutex([:])
        self.total = total
        self.reporter = reporter
    }

    /// Tells how many pictures of a group are done.
    func report(_ group: Int, _ count: Int) throws {
        let sum = done.withLock { done in
            done[group] = count
            return done.values.reduce(0, +)
        }
        try reporter.report(
            .progress(meter.progress(done: min(sum, total), total: total, totalIsEstimate: false))
        )
    }

    /// Seconds since the start, to a tenth.
    var seconds: Double { (meter.elapsed * 10).rounded() / 10 }
}
