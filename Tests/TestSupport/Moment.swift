import Synchronization

/// A point in time that one task sets and another reads.
package final class Moment: Sendable {
    private let instant = Mutex<ContinuousClock.Instant?>(nil)

    /// Makes one that is not set.
    package init() {}

    /// Sets it.
    package func set(_ value: ContinuousClock.Instant) { instant.withLock { $0 = value } }

    /// The point in time, nil when it was not set.
    package func get() -> ContinuousClock.Instant? { instant.withLock { $0 } }
}
