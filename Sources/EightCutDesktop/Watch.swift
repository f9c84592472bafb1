import Diagnostics
import Glibc
import GtkKit

/// What the tests and the benchmarks ask about: when the first picture of the window was there, and
/// whether the main loop ever stands still.
enum Watch {
    private static var stalls: StallWatch?

    /// Starts to look, where the environment asks for it: `EIGHTCUT_STALLS` is a limit in seconds.
    /// Lines on standard error tell what was seen.
    static func start(_ since: ContinuousClock.Instant) {
        guard let limit = getenv("EIGHTCUT_STALLS").flatMap({ Double(String(cString: $0)) }) else {
            return
        }
        MainLoop.whenIdle {
            let seconds = since.duration(to: .now) / .seconds(1)
            writeLine("window: \(seconds) s", to: 2)
            // Setting up the window is not what is meant.
            stalls = StallWatch(limit: limit) { writeLine("stall: \($0) s", to: 2) }
        }
    }
}
