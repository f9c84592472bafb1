/// Keeps seeks from piling up while the cursor is dragged: one runs at a time, and of the requests
/// that come meanwhile only the last one is kept.
///
/// If exact seeks are slow, the keyframe is shown first and the exact frame when the cursor rests.
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

    /// Slower seeks are made in two steps.
    private static let bearableCost = 0.12

    package init() {}

    /// Whether the requested frame is not shown yet.
    package var isSeeking: Bool { current != nil }

    /// - Returns: the seek to start now; nil if it has to wait.
    package mutating func request(_ time: Double) -> Seek? {
        // A lost answer must not block all further seeks.
        guard current == nil || sentAt.duration(to: .now) > .seconds(3) else {
            next = time
            return nil
        }
        return send(Seek(time: time, isExact: lastCost < Self.bearableCost))
    }

    /// Ends the current seek.
    ///
    /// - Returns: the seek to start next.
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
