/// Where a job's events go. Safe to call from any thread.
package protocol ProgressReporter: Sendable {
    /// Tells the event to whoever listens.
    ///
    /// - Throws: `OutputClosed` when nobody can listen any more; the job should end.
    func report(_ event: ProgressEvent) throws
}

/// Whoever read our output has closed it.
package struct OutputClosed: Error {
    /// Makes the error.
    package init() {}
}

/// Says nothing.
package struct SilentReporter: ProgressReporter {
    /// Makes the reporter.
    package init() {}

    /// Does nothing.
    package func report(_ event: ProgressEvent) {}
}
