import Diagnostics
import Glibc
import GtkKit

/// What the tests and the benchmarks ask about: when the window was there, how many pictures of the
/// video are drawn each second, and whether the main loop ever stands still.
enum Watch {
    private static var stalls: StallWatch?
    private static var isOn = false
    private static var pictures = 0

    /// Starts to look, where the environment asks for it: `EIGHTCUT_STALLS` is a limit in seconds.
    /// Lines on standard error tell what was seen.
    static func start(_ since: ContinuousClock.Instant) {
        guard let limit = getenv("EIGHTCUT_STALLS").flatMap({ Double(String(cString: $0)) }) else {
            return
        }
        isOn = true
        MainLoop.every(milliseconds: 1000) {
            if pictures > 0 { writeLine("pictures: \(pictures)", to: 2) }
            pictures = 0
            return true
        }
        MainLoop.whenIdle {
            let seconds = since.duration(to: .now) / .seconds(1)
            writeLine("window: \(seconds) s", to: 2)
            // Setting up the window is not what is meant.
            stalls = StallWatch(limit: limit) { writeLine("stall: \($0) s", to: 2) }
        }
    }

    /// A picture of the video was drawn that was not drawn before.
    static func countPicture() {
        if isOn { pictures += 1 }
    }
}
