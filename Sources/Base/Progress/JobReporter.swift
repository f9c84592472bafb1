/// Where a job's events go. Safe to call from any thread.
public protocol JobReporter: Sendable {
    /// Tells the event to whoever listens.
    ///
    /// - Throws: `ReaderGone` when nobody can listen any more; the job should end.
    func report(_ event: JobEvent) throws
}

/// Whoever read our output has closed it.
public struct ReaderGone: Error {
    /// Makes the error.
    public init() {}
}

/// Says nothing.
public struct SilentReporter: JobReporter {
    /// Makes the reporter.
    public init() {}

    /// Does nothing.
    public func report(_ event: JobEvent) {}
}
