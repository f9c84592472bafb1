import CGtk

/// A GtkWidget.
@MainActor
package class Widget: Object {
    package var widget: UnsafeMutablePointer<GtkWidget> { cast(raw) }

    /// Makes a widget with another role for screen readers than its type has.
    static func make(_ type: GType, role: GtkAccessibleRole) -> UnsafeMutableRawPointer {
        var value = GValue()
        g_value_init(&value, gtk_accessible_role_get_type())
        g_value_set_enum(&value, Int32(role.rawValue))
        defer { g_value_unset(&value) }
        let pointer = "accessible-role".withCString { key -> UnsafeMutablePointer<GObject>? in
            var names: [UnsafePointer<CChar>?] = [key]
            return g_object_new_with_properties(type, 1, &names, &value)
        }
        return UnsafeMutableRawPointer(pointer.unsafelyUnwrapped)
    }

    /// Whether the program is changing the widget: handlers of user changes are not called then.
    private var isBeingSet = false

    /// Changes the widget without calling the handlers of `onUserChange`.
    func withoutNotifying(_ change: () -> Void) {
        isBeingSet = true
        change()
        isBeingSet = false
    }

    /// Calls `handler` when the user has changed the widget.
    func onUserChange(_ signal: String, _ handler: @escaping @MainActor () -> Void) {
        on(signal) { [weak self] in
            if let self, !isBeingSet { handler() }
        }
    }

    package var isSensitive: Bool {
        get { gtk_widget_get_sensitive(widget) != 0 }
        set { if newValue != isSensitive { gtk_widget_set_sensitive(widget, newValue ? 1 : 0) } }
    }

    package var isVisible: Bool {
        get { gtk_widget_get_visible(widget) != 0 }
        set { if newValue != isVisible { gtk_widget_set_visible(widget, newValue ? 1 : 0) } }
    }

    package var tooltip: String? {
        get { gtk_widget_get_tooltip_text(widget).map { String(cString: $0) } }
        set { if newValue != tooltip { gtk_widget_set_tooltip_text(widget, newValue) } }
    }

    /// The name for screen readers; write-only.
    package var accessibleName: String {
        get { "" }
        set { setAccessible(GTK_ACCESSIBLE_PROPERTY_LABEL, newValue) }
    }

    /// The description for screen readers; write-only.
    package var accessibleDescription: String {
        get { "" }
        set { setAccessible(GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, newValue) }
    }

    /// The value for screen readers; write-only.
    package var accessibleValue: String {
        get { "" }
        set { setAccessible(GTK_ACCESSIBLE_PROPERTY_VALUE_TEXT, newValue) }
    }

    /// The allocated size in pixels.
    package var size: (width: Int, height: Int) {
        (Int(gtk_widget_get_width(widget)), Int(gtk_widget_get_height(widget)))
    }

    /// Pixels of the screen for each pixel of the window.
    package var scale: Int { Int(gtk_widget_get_scale_factor(widget)) }

    /// Tells a screen reader what has happened.
    package func announce(_ text: String) { cgtk_announce(widget, text) }

    package func focus() { gtk_widget_grab_focus(widget) }

    package func queueDraw() { gtk_widget_queue_draw(widget) }

    private func setAccessible(_ property: GtkAccessibleProperty, _ text: String) {
        var property = property
        var value = GValue()
        g_value_init(&value, cgtk_type_string())
        g_value_set_string(&value, text)
        gtk_accessible_update_property_value(OpaquePointer(raw), 1, &property, &value)
        g_value_unset(&value)
    }
}

// Layout and style, to be chained.
extension Widget {
    /// Adds CSS classes.
    @discardableResult
    package func styled(_ classes: String...) -> Self {
        for name in classes { gtk_widget_add_css_class(widget, name) }
        return self
    }

    /// Adds or removes a CSS class.
    package func setStyle(_ name: String, _ isOn: Bool) {
        if isOn {
            gtk_widget_add_css_class(widget, name)
        } else {
            gtk_widget_remove_css_class(widget, name)
        }
    }

    /// Lets it take the space that is left.
    @discardableResult
    package func expanding(horizontally: Bool = true, vertically: Bool = false) -> Self {
        gtk_widget_set_hexpand(widget, horizontally ? 1 : 0)
        gtk_widget_set_vexpand(widget, vertically ? 1 : 0)
        return self
    }

    /// Where it is placed horizontally in the space that it is given.
    @discardableResult
    package func halign(_ alignment: GtkAlign) -> Self {
        gtk_widget_set_halign(widget, alignment)
        return self
    }

    /// Where it is placed vertically in the space that it is given.
    @discardableResult
    package func valign(_ alignment: GtkAlign) -> Self {
        gtk_widget_set_valign(widget, alignment)
        return self
    }

    /// Margins in pixels.
    @discardableResult
    package func margins(horizontal: Int32 = 0, vertical: Int32 = 0) -> Self {
        gtk_widget_set_margin_start(widget, horizontal)
        gtk_widget_set_margin_end(widget, horizontal)
        gtk_widget_set_margin_top(widget, vertical)
        gtk_widget_set_margin_bottom(widget, vertical)
        return self
    }

    /// The minimum size in pixels; -1 for the natural size.
    @discardableResult
    package func sizeRequest(width: Int32 = -1, height: Int32 = -1) -> Self {
        gtk_widget_set_size_request(widget, width, height)
        return self
    }

    /// Sets the name for screen readers and the tooltip.
    @discardableResult
    package func named(_ name: String, tooltip: String? = nil) -> Self {
        accessibleName = name
        self.tooltip = tooltip ?? name
        return self
    }

    /// Lays it out from left to right in every language: for time axes.
    @discardableResult
    package func leftToRight() -> Self {
        gtk_widget_set_direction(widget, GTK_TEXT_DIR_LTR)
        return self
    }

    /// Whether it can have the keyboard focus.
    @discardableResult
    package func focusable(_ isFocusable: Bool = true) -> Self {
        gtk_widget_set_focusable(widget, isFocusable ? 1 : 0)
        return self
    }

    @discardableResult
    package func addingController(_ controller: EventController) -> Self {
        controller.add(to: self)
        return self
    }
}
