import CGtk

/// The values that come with a signal; the first is the object that emits it.
@MainActor
package struct SignalValues {
    let values: UnsafePointer<GValue>
    let count: Int

    /// A number with a fraction.
    package func double(_ place: Int) -> Double { g_value_get_double(values + place) }

    /// A whole number.
    package func int(_ place: Int) -> Int { Int(g_value_get_int(values + place)) }

    /// A whole number that is not negative.
    package func uint(_ place: Int) -> UInt32 { g_value_get_uint(values + place) }

    /// Flags, such as the keys that are held down.
    package func flags(_ place: Int) -> UInt32 { g_value_get_flags(values + place) }

    /// A text.
    package func string(_ place: Int) -> String? {
        g_value_get_string(values + place).map { String(cString: $0) }
    }

    /// An object.
    package func object(_ place: Int) -> UnsafeMutableRawPointer? {
        g_value_get_object(values + place)
    }
}

/// A Swift closure as GLib calls it.
enum SignalClosure {
    private final class Box {
        let handler: @MainActor (SignalValues) -> Bool?
        init(_ handler: @escaping @MainActor (SignalValues) -> Bool?) { self.handler = handler }
    }

    /// Makes a closure that lives as long as its signal's connection.
    @MainActor
    static func make(
        _ handler: @escaping @MainActor (SignalValues) -> Bool?
    ) -> UnsafeMutablePointer<GClosure>? {
        let box = Unmanaged.passRetained(Box(handler)).toOpaque()
        let closure = g_closure_new_simple(guint(MemoryLayout<GClosure>.size), box)
        g_closure_add_finalize_notifier(closure, box) { box, _ in
            if let box { Unmanaged<Box>.fromOpaque(box).release() }
        }
        g_closure_set_marshal(closure) { closure, result, count, values, _, _ in
            // GTK emits its signals on the main thread.
            guard let box = closure?.pointee.data, let values else { return }
            nonisolated(unsafe) let place = values
            let answer = MainActor.assumeIsolated {
                Unmanaged<Box>.fromOpaque(box).takeUnretainedValue()
                    .handler(SignalValues(values: place, count: Int(count)))
            }
            if let answer, let result { g_value_set_boolean(result, answer ? 1 : 0) }
        }
        return closure
    }
}
