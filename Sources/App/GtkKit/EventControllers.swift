import CGtk

/// Listens to pointer or keyboard for a widget.
@MainActor
package class EventController: Object {
    func add(to widget: Widget) {
        // The widget takes over the reference with which the controller was made.
        gtk_widget_add_controller(widget.widget, cast(raw))
    }

    /// Which keys are held down.
    package var modifiers: Modifiers {
        Modifiers(
            rawValue: gtk_event_controller_get_current_event_state(cast(raw)).rawValue
        )
    }
}

/// Keys that change what others mean.
package struct Modifiers: OptionSet, Sendable {
    /// The bits as GDK has them.
    package let rawValue: UInt32

    /// Takes GDK's bits.
    package init(rawValue: UInt32) { self.rawValue = rawValue }

    /// Shift.
    package static let shift = Modifiers(rawValue: GDK_SHIFT_MASK.rawValue)
    /// Ctrl.
    package static let control = Modifiers(rawValue: GDK_CONTROL_MASK.rawValue)
    /// Alt.
    package static let alt = Modifiers(rawValue: GDK_ALT_MASK.rawValue)
}

/// A button of the mouse is pressed.
@MainActor
package final class GestureClick: EventController {
    /// Listens to a button: 1 left, 3 right.
    package init(
        button: UInt32 = 1,
        _ handler: @escaping @MainActor (_ x: Double, _ y: Double, Modifiers) -> Void
    ) {
        super.init(UnsafeMutableRawPointer(gtk_gesture_click_new()))
        gtk_gesture_single_set_button(cast(raw), button)
        connect("pressed") { [weak self] values in
            handler(values.double(2), values.double(3), self?.modifiers ?? [])
            return nil
        }
    }
}

/// The pointer is moved while a button is held down; a click is a drag without a way.
@MainActor
package final class GestureDrag: EventController {
    /// What happens while a drag goes on.
    package enum Phase: Sendable {
        case begun, moved, ended
    }

    /// Listens to the left button. Places are those of the pointer, and where it was pressed.
    package init(
        _ handler:
            @escaping @MainActor (
                Phase, _ start: (x: Double, y: Double), _ now: (x: Double, y: Double), Modifiers
            ) -> Void
    ) {
        super.init(UnsafeMutableRawPointer(gtk_gesture_drag_new()))
        let phases: [(String, Phase)] = [
            ("drag-begin", .begun), ("drag-update", .moved), ("drag-end", .ended),
        ]
        for (signal, phase) in phases {
            connect(signal) { [weak self] values in
                guard let self else { return nil }
                var (x, y) = (0.0, 0.0)
                gtk_gesture_drag_get_start_point(cast(raw), &x, &y)
                let way = phase == .begun ? (0, 0) : (values.double(1), values.double(2))
                handler(phase, (x, y), (x + way.0, y + way.1), modifiers)
                return nil
            }
        }
    }
}

/// The wheel is turned.
@MainActor
package final class EventControllerScroll: EventController {
    /// Listens to the wheel; `handler` says whether it has used it.
    package init(
        _ handler: @escaping @MainActor (_ dx: Double, _ dy: Double, Modifiers) -> Bool
    ) {
        super.init(
            UnsafeMutableRawPointer(
                gtk_event_controller_scroll_new(GTK_EVENT_CONTROLLER_SCROLL_BOTH_AXES)
            )
        )
        connect("scroll") { [weak self] values in
            handler(values.double(1), values.double(2), self?.modifiers ?? [])
        }
    }
}

/// The pointer moves.
@MainActor
package final class EventControllerMotion: EventController {
    /// Listens to the pointer; nil when it leaves.
    package init(_ handler: @escaping @MainActor ((x: Double, y: Double)?) -> Void) {
        super.init(UnsafeMutableRawPointer(gtk_event_controller_motion_new()))
        connect("motion") { values in
            handler((values.double(1), values.double(2)))
            return nil
        }
        on("leave") { handler(nil) }
    }
}

/// Keys are pressed.
@MainActor
package final class EventControllerKey: EventController {
    /// Listens to keys before or after the widgets below; `handler` says whether it has used one.
    package init(
        isFirst: Bool = false,
        _ handler: @escaping @MainActor (_ key: UInt32, Modifiers) -> Bool
    ) {
        super.init(UnsafeMutableRawPointer(gtk_event_controller_key_new()))
        if isFirst { gtk_event_controller_set_propagation_phase(cast(raw), GTK_PHASE_CAPTURE) }
        connect("key-pressed") { values in
            handler(values.uint(1), Modifiers(rawValue: values.flags(3)))
        }
    }
}

/// Files are dropped.
@MainActor
package final class DropTarget: EventController {
    /// Listens for files.
    package init(_ handler: @escaping @MainActor (GivenFiles) -> Void) {
        super.init(
            UnsafeMutableRawPointer(gtk_drop_target_new(cgtk_type_file_list(), GDK_ACTION_COPY))
        )
        connect("drop") { values in
            guard let value = values.boxedValue(1) else { return false }
            handler(Self.files(value))
            return true
        }
    }

    private static func files(_ list: UnsafeMutableRawPointer) -> GivenFiles {
        let files = gdk_file_list_get_files(OpaquePointer(list))
        defer { g_slist_free(files) }
        var given = GivenFiles()
        var next = files
        while let entry = next {
            given.add(entry.pointee.data.map { OpaquePointer($0) })
            next = entry.pointee.next
        }
        return given
    }
}

extension SignalValues {
    /// What a value of a boxed type holds that comes as a GValue of its own.
    func boxedValue(_ place: Int) -> UnsafeMutableRawPointer? {
        guard let inner = g_value_get_boxed(values + place) else { return nil }
        return g_value_get_boxed(inner.assumingMemoryBound(to: GValue.self))
    }
}
