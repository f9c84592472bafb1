import Synchronization

/// Adds up how long each stage of a job takes, over all threads.
package final class StageClock: Sendable {
    private let stages = Mutex<[(name: String, seconds: Double)]>([])

    /// Starts with no stages.
    package init() {}

    /// Adds the time that `body` takes to a stage.
    package func measure<Result>(_ stage: String, _ body: () throws -> Result) rethrows -> Result {
        let start = ContinuousClock.now
        defer { add(stage, start.duration(to: .now)) }
        return try body()
    }

    /// Adds a time to a stage.
    package func add(_ stage: String, _ duration: Duration) {
        let seconds = duration / .seconds(1)
        stages.withLock { stages in
            if let index = stages.firstIndex(where: { $0.name == stage }) {
                stages[index].seconds += seconds
            } else {
                stages.append((stage, seconds))
            }
        }
    }

    /// Milliseconds a frame for each stage, in the order in which they first came up.
    package func milliseconds(perFrameOf frames: Int) -> [(name: String, milliseconds: Double)] {
        stages.withLock { stages in
            stages.map { ($0.name, $0.seconds * 1000 / Double(max(1, frames))) }
        }
    }
}
