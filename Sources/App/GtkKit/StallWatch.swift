import CGtk
import Glibc

/// Notices when the main loop does not come round in time, because something has blocked it.
///
/// The time for which the system has given the processor to others does not count: a busy machine
/// is not the program's fault.
@MainActor
package final class StallWatch {
    private let limit: Double
    private let report: @MainActor (Double) -> Void
    private var last = StallWatch.clock()
    private var lastWait = StallWatch.waited()
    /// The kernel's number of the main thread.
    private static let thread = getpid()

    /// Watches from now on, for as long as the program runs.
    ///
    /// - Parameters:
    ///   - limit: seconds.
    ///   - report: called with the length, in seconds, of each stall that is longer.
    package init(limit: Double, report: @escaping @MainActor (Double) -> Void) {
        self.limit = limit
        self.report = report
        MainLoop.every(milliseconds: 10) {
            self.look()
            return true
        }
    }

    private func look() {
        let (now, waited) = (Self.clock(), Self.waited())
        let stall = now - last - (waited - lastWait) - 0.01
        (last, lastWait) = (now, waited)
        if stall > limit { report(stall) }
    }

    private static func clock() -> Double {
        Double(g_get_monotonic_time()) / 1e6
    }

    /// Seconds that the main thread has spent ready to run while others ran.
    private static func waited() -> Double {
        let file = open("/proc/self/task/\(thread)/schedstat", O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return 0 }
        defer { close(file) }
        var bytes = [UInt8](repeating: 0, count: 80)
        let count = read(file, &bytes, bytes.count)
        let words = String(decoding: bytes.prefix(max(0, count)), as: UTF8.self).split(
            separator: " "
        )
        return words.count > 1 ? (Double(words[1]) ?? 0) / 1e9 : 0
    }
}
