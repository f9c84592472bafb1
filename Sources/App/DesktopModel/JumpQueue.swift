/// Keeps jumps from piling up while the cursor is dragged: one is under way at a time, and of those
/// that were asked for meanwhile only the last counts.
///
/// Where exact jumps take long, the key picture is shown first and the exact one when the cursor
/// rests.
package struct JumpQueue {
    package struct Jump: Equatable {
        package let time: Double
        package let isExact: Bool

        package init(time: Double, isExact: Bool) {
            (self.time, self.isExact) = (time, isExact)
        }
    }

    private var underWay: Jump?
    private var next: Double?
    private var sentAt = ContinuousClock.now
    /// Seconds that the last exact jump took.
    private var lastCost = 0.0

    /// Dearer jumps than this are made in two steps.
    private static let bearableCost = 0.12

    package init() {}

    /// Whether the picture is not yet the one that was asked for.
    package var isGoingOn: Bool { underWay != nil }

    /// Asks for a jump.
    ///
    /// - Returns: what is to be done now; nil when it must wait.
    package mutating func request(_ time: Double) -> Jump? {
        // An answer that got lost must not stop all that follows.
        guard underWay == nil || sentAt.duration(to: .now) > .seconds(3) else {
            next = time
            return nil
        }
        return send(Jump(time: time, isExact: lastCost < Self.bearableCost))
    }

    /// The jump that was under way is done.
    ///
    /// - Returns: what is to be done next.
    package mutating func arrived() -> Jump? {
        guard let done = underWay else { return nil }
        if done.isExact { lastCost = sentAt.duration(to: .now) / .seconds(1) }
        underWay = nil
        if let time = next {
            next = nil
            return send(Jump(time: time, isExact: lastCost < Self.bearableCost))
        }
        return done.isExact ? nil : send(Jump(time: done.time, isExact: true))
    }

    private mutating func send(_ jump: Jump) -> Jump {
        underWay = jump
        sentAt = .now
        return jump
    }
}
