/// Turns counts into a speed and the time left.
package struct ProgressMeter: Sendable {
    private let start: ContinuousClock.Instant
    /// What was already there at the start does not count as speed.
    private let doneAtStart: Int

    /// Starts the clock.
    package init(doneAtStart: Int = 0) {
        start = ContinuousClock.now
        self.doneAtStart = doneAtStart
    }

    /// Seconds since the start.
    package var elapsed: Double { start.duration(to: .now) / .seconds(1) }

    /// The report with speed and time left filled in.
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
