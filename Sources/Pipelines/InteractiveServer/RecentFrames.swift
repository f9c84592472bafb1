/// What is known of the frames that were asked for last, up to a number of bytes.
struct RecentFrames<Value: Sendable>: Sendable {
    /// The most bytes that are kept; the latest is kept whatever it takes.
    let limit: Int
    /// The latest comes last.
    private var entries: [(frame: Int, value: Value, bytes: Int)] = []

    init(limit: Int) {
        self.limit = limit
    }

    /// What is known of a frame, which is the latest from now on.
    mutating func find(_ frame: Int) -> Value? {
        guard let index = entries.firstIndex(where: { $0.frame == frame }) else { return nil }
        let entry = entries.remove(at: index)
        entries.append(entry)
        return entry.value
    }

    /// Keeps what is known of a frame, and forgets what has not been asked for the longest.
    mutating func keep(_ value: Value, of frame: Int, bytes: Int) {
        entries.removeAll { $0.frame == frame }
        entries.append((frame, value, bytes))
        var sum = entries.reduce(0) { $0 + $1.bytes }
        while sum > limit, entries.count > 1 { sum -= entries.removeFirst().bytes }
    }
}
