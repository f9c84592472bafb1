import Glibc
import Synchronization

/// The peak of resident memory.
package enum PeakMemory {
    /// Of this process, in bytes.
    package static var ofProgram: Int { peak(__rusage_who_t(RUSAGE_SELF.rawValue)) }

    /// Of the largest child process that has ended, in bytes.
    package static var ofLargestChild: Int { peak(__rusage_who_t(RUSAGE_CHILDREN.rawValue)) }

    private static func peak(_ who: __rusage_who_t) -> Int {
        var usage = rusage()
        getrusage(who, &usage)
        // Linux counts in kibibytes.
        return usage.ru_maxrss * 1024
    }
}

/// Adds up the time of each stage of a job, over all threads.
package final class StageClock: Sendable {
    private let stages = Mutex<[(name: String, seconds: Double)]>([])

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

    /// Milliseconds a frame for each stage, in the order in which the stages began.
    package func milliseconds(perFrameOf frames: Int) -> [(name: String, milliseconds: Double)] {
        stages.withLock { stages in
            stages.map { ($0.name, $0.seconds * 1000 / Double(max(1, frames))) }
        }
    }
}
