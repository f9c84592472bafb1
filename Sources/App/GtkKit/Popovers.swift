import CGtk

/// A button that opens a popover.
@MainActor
package final class MenuButton: Widget {
    package init(_ label: String? = nil, icon: String? = nil, name: String, content: Widget) {
        super.init(UnsafeMutableRawPointer(gtk_menu_button_new()))
        if let label { gtk_menu_button_set_label(cast(raw), label) }
        if let icon { gtk_menu_button_set_icon_name(cast(raw), icon) }
        let popover = gtk_popover_new()
        if let popover {
            gtk_popover_set_child(cast(UnsafeMutableRawPointer(popover)), content.widget)
        }
        gtk_menu_button_set_popover(cast(raw), popover)
        named(name)
        gtk_widget_set_focus_on_click(widget, 0)
    }

    package var label: String {
        get { gtk_menu_button_get_label(cast(raw)).map { String(cString: $0) } ?? "" }
        set { if newValue != label { gtk_menu_button_set_label(cast(raw), newValue) } }
    }

    /// Closes the popover.
    package func close() { gtk_menu_button_popdown(cast(raw)) }
}

/// A menu of actions.
@MainActor
package final class Menu {
    private let model: Object

    package init() {
        let pointer = UnsafeMutableRawPointer(g_menu_new().unsafelyUnwrapped)
        model = Object(pointer)
        // A new menu's reference does not float.
        g_object_unref(pointer)
    }

    /// Adds an entry for an action by its full name, such as `win.open` or `win.clip-delete('12')`.
    @discardableResult
    package func item(_ label: String, _ action: String) -> Self {
        g_menu_append(OpaquePointer(model.raw), label, action)
        return self
    }

    /// Adds a group of entries between lines.
    @discardableResult
    package func section(_ menu: Menu) -> Self {
        g_menu_append_section(OpaquePointer(model.raw), nil, cast(menu.model.raw))
        return self
    }

    /// A button that opens it.
    package func button(icon: String, name: String) -> Widget {
        let button = Widget(UnsafeMutableRawPointer(gtk_menu_button_new()))
        gtk_menu_button_set_icon_name(cast(button.raw), icon)
        gtk_menu_button_set_menu_model(cast(button.raw), cast(model.raw))
        gtk_menu_button_set_primary(cast(button.raw), 1)
        return button.named(name)
    }

    /// Opens it beside a widget, or at a place in it.
    package func open(at parent: Widget, _ place: (x: Double, y: Double)? = nil) {
        let menu = gtk_popover_menu_new_from_model(cast(model.raw))
        guard let menu else { return }
        gtk_widget_set_parent(menu, parent.widget)
        gtk_popover_set_has_arrow(cast(UnsafeMutableRawPointer(menu)), 0)
        if let place {
            var rectangle = GdkRectangle(
                x: Int32(place.x),
                y: Int32(place.y),
                width: 1,
                height: 1
            )
            gtk_popover_set_pointing_to(cast(UnsafeMutableRawPointer(menu)), &rectangle)
        }
        let popover = Object(UnsafeMutableRawPointer(menu))
        popover.on("closed") {
            // The action of an entry runs after the menu is closed.
            MainLoop.whenIdle { gtk_widget_unparent(menu) }
        }
        gtk_popover_popup(cast(UnsafeMutableRawPointer(menu)))
    }
}

/// Rows of a popover: a title and a control.
@MainActor
package enum Form {
    package static func row(_ title: String, _ control: Widget) -> Box {
        Box.row(spacing: 12, Label(title).expanding(), control.halign(GTK_ALIGN_END))
    }

    package static func column(_ rows: [Widget]) -> Box {
        let box = Box.column(spacing: 8).margins(horizontal: 8, vertical: 8)
        for row in rows { box.append(row) }
        return box.sizeRequest(width: 320)
    }
}
