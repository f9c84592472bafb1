/// Where a job's events go. Safe to call from any thread.
package protocol JobReporter: Sendable {
    /// Tells the event to whoever listens.
    ///
    /// - Throws: `ReaderGone` when nobody can listen any more; the job should end.
    func report(_ event: JobEvent) throws
}

/// Whoever read our output has closed it.
package struct ReaderGone: Error {
    /// Makes the error.
    package init() {}
}

/// Says nothing.
package struct SilentReporter: JobReporter {
    /// Makes the reporter.
    package init() {}

    /// Does nothing.
    package func report(_ event: JobEvent) {}
}
