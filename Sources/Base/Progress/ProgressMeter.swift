/// Computes the speed and the time left from counts.
package struct ProgressMeter: Sendable {
    private let start: ContinuousClock.Instant
    /// Does not count towards the speed.
    private let doneAtStart: Int

    package init(doneAtStart: Int = 0) {
        start = ContinuousClock.now
        self.doneAtStart = doneAtStart
    }

    /// Seconds since the start.
    package var elapsed: Double { start.duration(to: .now) / .seconds(1) }

    /// The event with `rate` and `secondsLeft` filled in.
    package func progress(
        done: Int,
        total: Int?,
        totalIsEstimate: Bool,
        unit: String = "frame"
    ) -> ProgressEvent.Progress {
        let elapsed = self.elapsed
        let made = done - doneAtStart
        let rate = made > 0 && elapsed > 0 ? Double(made) / elapsed : nil
        var left: Double?
        if let rate, let total { left = Double(max(0, total - done)) / rate }
        return ProgressEvent.Progress(
            unit: unit,
            done: done,
            total: total.map { max($0, done) },
            totalIsEstimate: totalIsEstimate,
            rate: rate.map { rounded($0) },
            secondsLeft: left.map { rounded($0) }
        )
    }

    private func rounded(_ value: Double) -> Double { (value * 100).rounded() / 100 }
}

/// Reports counts of frames as progress events.
package struct FrameProgress: Sendable {
    private let meter: ProgressMeter
    private let total: Int?
    private let reporter: any ProgressReporter

    /// - Parameters:
    ///   - total: the number of frames; an estimate until the last one is done.
    ///   - doneCount: how many were done before the start.
    ///   - reporter: receives the events.
    package init(total: Int?, doneCount: Int = 0, reporter: any ProgressReporter) {
        meter = ProgressMeter(doneAtStart: doneCount)
        self.total = total
        self.reporter = reporter
    }

    /// Reports how many frames are done in all.
    package func report(done: Int, isLast: Bool = false) throws {
        try reporter.report(
            .progress(
                meter.progress(
                    done: done,
                    total: isLast ? done : total,
                    totalIsEstimate: !isLast
                )
            )
        )
    }
}
