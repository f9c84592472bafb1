import CDispatchMain
import CGtk
import Dispatch
import Glibc

/// GLib's main loop, under which Swift's main actor runs.
@MainActor
package enum MainLoop {
    /// Lets the main actor, and the main dispatch queue, run under GLib's main loop: watches the
    /// descriptor by which libdispatch asks for it.
    ///
    /// At a lower priority than 0 a redraw that never ends would leave it no time.
    package static func bridgeMainActor() {
        let handle = _dispatch_get_main_queue_handle_4CF()
        g_unix_fd_add_full(
            G_PRIORITY_DEFAULT,
            handle,
            G_IO_IN,
            { descriptor, _, _ in
                var count: UInt64 = 0
                _ = read(descriptor, &count, 8)
                _dispatch_main_queue_callback_4CF(nil)
                return 1
            },
            nil,
            nil
        )
    }

    /// Calls `body` for SIGINT, SIGTERM and SIGHUP.
    package static func onRequestToEnd(_ body: @escaping @MainActor () -> Void) {
        for signal in [SIGINT, SIGTERM, SIGHUP] {
            let call = Call {
                body()
                return true
            }
            g_unix_signal_add_full(
                G_PRIORITY_DEFAULT,
                signal,
                run,
                Unmanaged.passRetained(call).toOpaque(),
                release
            )
        }
    }

    /// Calls `body` once, before the next redraw.
    package static func beforeRedraw(_ body: @escaping @MainActor () -> Void) {
        waiting.append(body)
        guard waiting.count == 1 else { return }
        once(priority: G_PRIORITY_HIGH_IDLE) {
            let bodies = waiting
            waiting = []
            for body in bodies { body() }
        }
    }

    private static var waiting: [@MainActor () -> Void] = []

    /// Calls `body` once, when nothing else is to be done.
    package static func whenIdle(_ body: @escaping @MainActor () -> Void) {
        once(priority: G_PRIORITY_DEFAULT_IDLE, body)
    }

    /// Calls `body` again and again, until it returns false.
    package static func every(
        milliseconds: UInt32,
        _ body: @escaping @MainActor () -> Bool
    ) {
        g_timeout_add_full(
            G_PRIORITY_DEFAULT,
            milliseconds,
            run,
            Unmanaged.passRetained(Call(body)).toOpaque(),
            release
        )
    }

    private final class Call {
        let body: @MainActor () -> Bool
        init(_ body: @escaping @MainActor () -> Bool) { self.body = body }
    }

    private static func once(priority: Int32, _ body: @escaping @MainActor () -> Void) {
        let call = Call {
            body()
            return false
        }
        g_idle_add_full(priority, run, Unmanaged.passRetained(call).toOpaque(), release)
    }

    private static let run: GSourceFunc = { data in
        guard let data else { return 0 }
        let call = Unmanaged<Call>.fromOpaque(data).takeUnretainedValue()
        return MainActor.assumeIsolated { call.body() } ? 1 : 0
    }

    private static let release: GDestroyNotify = { data in
        if let data { Unmanaged<Call>.fromOpaque(data).release() }
    }
}

/// Reports when something has blocked the main loop.
///
/// Time for which the system has given the CPU to other processes does not count.
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
        let fields = String(decoding: bytes.prefix(max(0, count)), as: UTF8.self).split(
            separator: " "
        )
        return fields.count > 1 ? (Double(fields[1]) ?? 0) / 1e9 : 0
    }
}
