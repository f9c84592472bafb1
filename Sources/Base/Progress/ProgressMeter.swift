/// Computes the speed and the time left from counts.
package struct ProgressMeter: Sendable {
    private let start: ContinuousClock.Instant
    /// Does not count towards the speed.
    private let workedAtStart: Double

    package init(doneAtStart: Int = 0) { self.init(workedAtStart: Double(doneAtStart)) }

    /// - Parameter workedAtStart: work that was done before, in units.
    package init(workedAtStart: Double) {
        start = ContinuousClock.now
        self.workedAtStart = workedAtStart
    }

    /// Seconds since the start.
    package var elapsed: Double { start.duration(to: .now) / .seconds(1) }

    /// The event with `rate` and `secondsLeft` filled in, which follow the work if that is given.
    package func progress(
        done: Int,
        total: Int?,
        totalIsEstimate: Bool,
        worked: Double? = nil,
        unit: String = "frame"
    ) -> ProgressEvent.Progress {
        let elapsed = self.elapsed
        let work = worked ?? Double(done)
        let made = work - workedAtStart
        let rate = made > 0 && elapsed > 0 ? made / elapsed : nil
        var left: Double?
        if let rate, let total { left = max(0, Double(total) - work) / rate }
        return ProgressEvent.Progress(
            unit: unit,
            done: done,
            total: total.map { max($0, done) },
            totalIsEstimate: totalIsEstimate,
            worked: worked.map { rounded($0) },
            rate: rate.map { rounded($0) },
            secondsLeft: left.map { rounded($0) }
        )
    }

    private func rounded(_ value: Double) -> Double { (value * 100).rounded() / 100 }
}

/// Reports counts of frames as progress events.
package struct FrameProgress: Sendable {
    private var meter: ProgressMeter
    private let total: Int?
    private let reporter: any ProgressReporter

    /// - Parameters:
    ///   - total: the number of frames; an estimate until the last one is done.
    ///   - workedAtStart: how much work was done before the start, in frames.
    ///   - reporter: receives the events.
    package init(total: Int?, workedAtStart: Double = 0, reporter: any ProgressReporter) {
        meter = ProgressMeter(workedAtStart: workedAtStart)
        self.total = total
        self.reporter = reporter
    }

    /// Measures the speed from here on, so that it does not count how long the start has taken.
    ///
    /// - Parameter worked: how much work is done, in frames.
    package mutating func restart(worked: Double) {
        meter = ProgressMeter(workedAtStart: worked)
    }

    /// Reports how many frames are done in all, and how much work where that is not the same.
    package func report(done: Int, worked: Double? = nil, isLast: Bool = false) throws {
        try reporter.report(
            .progress(
                meter.progress(
                    done: done,
                    total: isLast ? done : total,
                    totalIsEstimate: !isLast,
                    worked: isLast ? nil : worked
                )
            )
        )
    }

    /// Reports how much work is done while no further frame is.
    package func report(worked: Double, done: Int) throws {
        try reporter.report(
            .work(
                meter.progress(done: done, total: total, totalIsEstimate: true, worked: worked)
            )
        )
    }
}
