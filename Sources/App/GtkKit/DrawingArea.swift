import CGtk

/// A surface that Swift draws on.
@MainActor
package final class DrawingArea: Widget {
    private final class Box {
        let draw: @MainActor (Canvas, _ width: Double, _ height: Double) -> Void
        init(_ draw: @escaping @MainActor (Canvas, Double, Double) -> Void) { self.draw = draw }
    }

    /// A surface with a role for screen readers.
    package init(role: GtkAccessibleRole, name: String) {
        var value = GValue()
        g_value_init(&value, gtk_accessible_role_get_type())
        g_value_set_enum(&value, Int32(role.rawValue))
        defer { g_value_unset(&value) }
        let pointer = "accessible-role".withCString { key -> UnsafeMutablePointer<GObject>? in
            var names: [UnsafePointer<CChar>?] = [key]
            return g_object_new_with_properties(
                gtk_drawing_area_get_type(),
                1,
                &names,
                &value
            )
        }
        super.init(UnsafeMutableRawPointer(pointer.unsafelyUnwrapped))
        accessibleName = name
    }

    /// Says how it is drawn.
    package func draw(
        _ body: @escaping @MainActor (Canvas, _ width: Double, _ height: Double) -> Void
    ) {
        gtk_drawing_area_set_draw_func(
            cast(raw),
            { area, cairo, width, height, box in
                guard let area, let cairo, let box else { return }
                nonisolated(unsafe) let (area_, cairo_, box_) = (area, cairo, box)
                MainActor.assumeIsolated {
                    let canvas = Canvas(cairo_, for: cast(UnsafeMutableRawPointer(area_)))
                    Unmanaged<Box>.fromOpaque(box_).takeUnretainedValue()
                        .draw(canvas, Double(width), Double(height))
                }
            },
            Unmanaged.passRetained(Box(body)).toOpaque(),
            { box in if let box { Unmanaged<Box>.fromOpaque(box).release() } }
        )
    }

    /// Calls `handler` with the new size in pixels when it changes.
    package func onResize(_ handler: @escaping @MainActor (Int, Int) -> Void) {
        connect("resize") { values in
            handler(values.int(1), values.int(2))
            return nil
        }
    }
}
