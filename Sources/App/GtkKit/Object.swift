import CGtk

/// Casts between the two ways in which Swift imports pointers to GTK's types: with the type of a
/// structure where the headers tell it, and opaque where they do not.
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
        // This reference tells when it is the last one, and when it is no longer.
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
        let binding = Binding(update)
        bindings.append(binding)
        binding.run()
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
