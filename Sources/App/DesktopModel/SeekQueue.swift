/// Keeps seeks from piling up while the cursor is dragged: one is under way at a time, and of those
/// that were asked for meanwhile only the last counts.
///
/// Where exact seeks take long, the key picture is shown first and the exact one when the cursor
/// rests.
package struct SeekQueue {
    package struct Seek: Equatable {
        package let time: Double
        package let isExact: Bool

        package init(time: Double, isExact: Bool) {
            (self.time, self.isExact) = (time, isExact)
        }
    }

    private var current: Seek?
    private var next: Double?
    private var sentAt = ContinuousClock.now
    /// Seconds that the last exact seek took.
    private var lastCost = 0.0

    /// Dearer seeks than this are made in two steps.
    private static let bearableCost = 0.12

    package init() {}

    /// Whether the picture is not yet the one that was asked for.
    package var isSeeking: Bool { current != nil }

    /// Asks for a seek.
    ///
    /// - Returns: what is to be done now; nil when it must wait.
    package mutating func request(_ time: Double) -> Seek? {
        // An answer that got lost must not stop all that follows.
        guard current == nil || sentAt.duration(to: .now) > .seconds(3) else {
            next = time
            return nil
        }
        return send(Seek(time: time, isExact: lastCost < Self.bearableCost))
    }

    /// The seek that was under way is done.
    ///
    /// - Returns: what is to be done next.
    package mutating func completed() -> Seek? {
        guard let done = current else { return nil }
        if done.isExact { lastCost = sentAt.duration(to: .now) / .seconds(1) }
        current = nil
        if let time = next {
            next = nil
            return send(Seek(time: time, isExact: lastCost < Self.bearableCost))
        }
        return done.isExact ? nil : send(Seek(time: done.time, isExact: true))
    }

    private mutating func send(_ seek: Seek) -> Seek {
        current = seek
        sentAt = .now
        return seek
    }
}
