import Progress

/// Counts the bytes of several files together.
final class ByteProgress {
    private let total: Int
    private let reporter: any ProgressReporter
    private let meter: ProgressMeter
    private var finished = 0
    private var last: ContinuousClock.Instant?

    /// Starts the clock.
    ///
    /// - Parameters:
    ///   - total: bytes of all files.
    ///   - present: how many of them were there before.
    ///   - reporter: who is told, ten times a second at most.
    init(total: Int, present: Int = 0, reporter: any ProgressReporter) {
        self.total = total
        self.reporter = reporter
        meter = ProgressMeter(doneAtStart: present)
    }

    /// Tells how many bytes of the current file are done.
    func report(_ count: Int) throws {
        let now = ContinuousClock.now
        if let last, last.duration(to: now) < .milliseconds(100) { return }
        last = now
        try tell(finished + count)
    }

    /// Tells that a file is done.
    func finishFile(_ bytes: Int) throws {
        finished += bytes
        if finished == total { try tell(total) }
    }

    private func tell(_ done: Int) throws {
        try reporter.report(
            .progress(
                meter.progress(done: done, total: total, totalIsEstimate: false, unit: "byte")
            )
        )
    }
}
