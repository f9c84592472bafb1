/// Maps frames with any timestamps to a video of constant frame rate, so that video and audio stay
/// in sync.
package struct FramePacer {
    private let rate: Double
    private var start: Double?
    private var shown = 0
    private static let farAway = 1e15

    package init(rate: Double) {
        self.rate = rate
    }

    /// Sets the timestamp of the first frame. A video that starts after its audio by less than a
    /// frame's duration, as files with AAC audio do, starts at once.
    package mutating func begin(at time: Double?) {
        start = time
    }

    /// How often the frame before this one must be shown until this one's time has come.
    ///
    /// - Parameter time: seconds; nil counts as one frame's duration after the one before.
    /// - Returns: a count, 0 for a frame that comes too soon to be shown.
    package mutating func repeats(before time: Double?) -> Int {
        guard let time else {
            shown += 1
            return 1
        }
        let start = self.start ?? 0
        let delay = (start * rate + 0.01).rounded(.down)
        // Containers can hold times that no integer can count frames to.
        let place = min(max(0, delay + ((time - start) * rate).rounded()), Self.farAway)
        let due = max(shown, Int(place))
        defer { shown = due }
        return due - shown
    }
}
