import Synchronization

/// What an engine took.
package struct EngineTiming: Sendable, Equatable, Codable {
    /// Seconds from its start until the first mask was there.
    package let secondsToFirstMask: Double
    /// Seconds from mask to mask after that; with one frame, the same as to the first.
    package let secondsPerFrame: Double
    /// The most memory that it had in use, in bytes, with the parts of files that it had mapped.
    package let peakMemory: Int
}

/// Notes when frames are done.
final class FrameClock: Sendable {
    private struct Marks {
        var first: (count: Int, time: ContinuousClock.Instant)?
        var last: (count: Int, time: ContinuousClock.Instant)?
    }

    private let start = ContinuousClock.now
    private let marks = Mutex(Marks())

    /// So many frames are done by now.
    func note(_ count: Int) {
        marks.withLock { marks in
            let mark = (count, ContinuousClock.now)
            marks.first = marks.first ?? mark
            marks.last = mark
        }
    }

    func timing(peakMemory: Int) -> EngineTiming {
        marks.withLock { marks in
            guard let first = marks.first, let last = marks.last else {
                return EngineTiming(secondsToFirstMask: 0, secondsPerFrame: 0, peakMemory: 0)
            }
            let toFirst = start.duration(to: first.time) / .seconds(1)
            let others = last.count - first.count
            let rest = first.time.duration(to: last.time) / .seconds(1)
            return EngineTiming(
                secondsToFirstMask: toFirst,
                secondsPerFrame: others > 0 ? rest / Double(others) : toFirst,
                peakMemory: peakMemory
            )
        }
    }
}
