import Files
import Glibc
import Synchronization

/// The peak of resident memory.
package enum PeakMemory {
    /// Of this process, in bytes.
    ///
    /// Not from getrusage where the system tells more: there the peak begins with the memory of the
    /// process that has started this one, which may be larger.
    package static var ofProgram: Int {
        highWaterMark ?? peak(__rusage_who_t(RUSAGE_SELF.rawValue))
    }

    /// The field `VmHWM` of proc_pid_status(5).
    private static var highWaterMark: Int? {
        guard let bytes = try? SmallFile.read("/proc/self/status", limit: 1 << 16) else {
            return nil
        }
        let line = bytes.split(separator: UInt8(ascii: "\n")).first {
            $0.starts(with: "VmHWM:".utf8)
        }
        let digits = line?.filter { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        return digits.flatMap { Int(String(decoding: $0, as: UTF8.self)) }.map { $0 * 1024 }
    }

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
