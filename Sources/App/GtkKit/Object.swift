import Bindings
import CGtk

/// Casts between the two ways in which Swift imports pointers to GTK's types: with the type of a
/// structure where the headers define it, and opaque where they do not.
package func cast<Target>(_ pointer: UnsafeMutableRawPointer) -> UnsafeMutablePointer<Target> {
    pointer.assumingMemoryBound(to: Target.self)
}

/// The same for types that are opaque.
package func cast(_ pointer: UnsafeMutableRawPointer) -> OpaquePointer {
    OpaquePointer(pointer)
}

/// A GObject as Swift sees it. It lives as long as Swift or GTK refers to it: as long as a widget is
/// in a window, so is this, with all that is bound to it.
@MainActor
package class Object {
    /// The object itself.
    package let raw: UnsafeMutableRawPointer
    /// What keeps its properties as the model has them.
    private var bindings: [Binding] = []
    /// Whether GTK refers to the object, and therefore this to itself.
    private var isHeld = false
    /// This as GLib knows it.
    private var token: UnsafeMutableRawPointer?

    /// Takes an object over: a new one whose reference floats, or one that GTK has already. There
    /// is one `Object` for each.
    package init(_ pointer: UnsafeMutableRawPointer) {
        raw = pointer
        g_object_ref_sink(pointer)
        token = Unmanaged.passUnretained(self).toOpaque()
        // The toggle reference reports when it is the last one, and when it no longer is.
        g_object_add_toggle_ref(cast(pointer), Self.referencesChanged, token)
        let object: UnsafeMutablePointer<GObject> = cast(pointer)
        let isSharedWithGtk = object.pointee.ref_count > 2
        g_object_unref(pointer)
        if isSharedWithGtk { setHeld(true) }
    }

    /// Takes over a typed pointer.
    package convenience init<Some>(_ pointer: UnsafeMutablePointer<Some>) {
        self.init(UnsafeMutableRawPointer(pointer))
    }

    /// Takes over an opaque pointer.
    package convenience init(opaque pointer: OpaquePointer) {
        self.init(UnsafeMutableRawPointer(pointer))
    }

    isolated deinit { g_object_remove_toggle_ref(cast(raw), Self.referencesChanged, token) }

    private static let referencesChanged: GToggleNotify = { token, _, isLast in
        guard let token else { return }
        // Widgets are touched on the main thread only.
        nonisolated(unsafe) let object = token
        MainActor.assumeIsolated {
            Unmanaged<Object>.fromOpaque(object).takeUnretainedValue().setHeld(isLast == 0)
        }
    }

    private func setHeld(_ isHeld: Bool) {
        guard isHeld != self.isHeld else { return }
        self.isHeld = isHeld
        let reference = Unmanaged.passUnretained(self)
        if isHeld { _ = reference.retain() } else { reference.release() }
    }

    /// Runs `update` now, and again whenever something in the model changes that it has read. Ends
    /// with this object; so `update` must hold it weakly.
    package func bind(_ update: @escaping @MainActor () -> Void) {
        bindings.append(Binding(schedule: MainLoop.beforeRedraw, update))
    }

    /// Calls `handler` when the object emits a signal that returns nothing.
    package func on(_ signal: String, _ handler: @escaping @MainActor () -> Void) {
        connect(signal) { _ in
            handler()
            return nil
        }
    }

    /// Calls `handler` with the signal's values. What it returns is what the signal returns.
    package func connect(
        _ signal: String,
        _ handler: @escaping @MainActor (SignalValues) -> Bool?
    ) {
        g_signal_connect_closure(raw, signal, SignalClosure.make(handler), 0)
    }
}

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
