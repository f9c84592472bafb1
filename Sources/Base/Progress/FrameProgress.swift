/// Turns counts of frames into progress events.
package struct FrameProgress: Sendable {
    private let meter: ProgressMeter
    private let total: Int?
    private let reporter: any ProgressReporter

    /// Starts the clock.
    ///
    /// - Parameters:
    ///   - total: how many frames there may be; an estimate until the last one has come.
    ///   - doneCount: how many were done before.
    ///   - reporter: who is told.
    package init(total: Int?, doneCount: Int = 0, reporter: any ProgressReporter) {
        meter = ProgressMeter(doneAtStart: doneCount)
        self.total = total
        self.reporter = reporter
    }

    /// Tells how many frames are done in all.
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
