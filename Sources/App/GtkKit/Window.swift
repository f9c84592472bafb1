import CGtk

/// A window of the application.
@MainActor
package final class Window: Widget {
    package init(_ application: Application, title: String, width: Int32, height: Int32) {
        super.init(UnsafeMutableRawPointer(adw_application_window_new(cast(application.raw))))
        gtk_window_set_title(cast(raw), title)
        gtk_window_set_default_size(cast(raw), width, height)
    }

    package func setContent(_ content: Widget) {
        adw_application_window_set_content(cast(raw), content.widget)
    }

    package var title: String {
        get { gtk_window_get_title(cast(raw)).map { String(cString: $0) } ?? "" }
        set { if newValue != title { gtk_window_set_title(cast(raw), newValue) } }
    }

    /// Brings it to the front.
    package func present() { gtk_window_present(cast(raw)) }

    /// Closes it without asking.
    package func destroy() { gtk_window_destroy(cast(raw)) }

    package var isFullScreen: Bool {
        get { gtk_window_is_fullscreen(cast(raw)) != 0 }
        set {
            if newValue {
                gtk_window_fullscreen(cast(raw))
            } else {
                gtk_window_unfullscreen(cast(raw))
            }
        }
    }

    /// Calls `handler` when the user closes it; the window stays when that returns false.
    package func onClose(_ handler: @escaping @MainActor () -> Bool) {
        connect("close-request") { _ in !handler() }
    }

    /// Whether a text entry has the focus: letters are then no shortcuts.
    package var isTyping: Bool {
        guard let focus = gtk_window_get_focus(cast(raw)) else { return false }
        return cgtk_is_text_input(focus) != 0
    }

    /// Whether the focus is in a popover.
    package var isInPopover: Bool {
        guard let focus = gtk_window_get_focus(cast(raw)) else { return false }
        return gtk_widget_get_ancestor(focus, gtk_popover_get_type()) != nil
    }

    package func clearFocus() { gtk_window_set_focus(cast(raw), nil) }

    /// Whether the focused widget uses the key itself: Space and Enter press buttons, arrows move
    /// scales.
    package func isOnControl(takingSpace isSpace: Bool) -> Bool {
        guard let focus = gtk_window_get_focus(cast(raw)) else { return false }
        let name = String(cString: gtk_widget_get_css_name(focus))
        let names =
            isSpace
            ? ["button", "checkbutton", "dropdown", "listview", "modelbutton", "switch"]
            : ["listview", "modelbutton", "scale"]
        return names.contains(name)
    }

    /// Whether the focus is on a row of a list, which Enter and the arrows use.
    package var isOnRow: Bool {
        guard let focus = gtk_window_get_focus(cast(raw)) else { return false }
        return gtk_widget_get_ancestor(focus, gtk_list_box_row_get_type()) != nil
    }

    /// Adds an action, which menus, keys and other programs may start as `win.name`.
    package func addAction(
        _ name: String,
        isOn: (@MainActor () -> Bool)? = nil,
        _ handler: @escaping @MainActor () -> Void
    ) {
        addAction(name, parameter: nil, isOn: isOn) { _ in handler() }
    }

    /// Adds an action with a text.
    package func addAction(
        _ name: String,
        withText handler: @escaping @MainActor (String) -> Void
    ) {
        addAction(name, parameter: "s", isOn: nil) { value in
            guard let value, let text = g_variant_get_string(value, nil) else { return }
            handler(String(cString: text))
        }
    }

    /// Starts an action by its whole name.
    package func activate(_ action: String) {
        gtk_widget_activate_action_variant(widget, action, nil)
    }

    private func addAction(
        _ name: String,
        parameter: String?,
        isOn: (@MainActor () -> Bool)?,
        _ handler: @escaping @MainActor (OpaquePointer?) -> Void
    ) {
        let type = parameter.map { g_variant_type_new($0) } ?? nil
        let pointer = g_simple_action_new(name, type)
        g_variant_type_free(type)
        guard let pointer else { return }
        // A new action's reference does not float.
        let action = Object(opaque: pointer)
        g_object_unref(UnsafeMutableRawPointer(pointer))
        action.connect("activate") { values in
            handler(g_value_get_variant(values.values + 1))
            return nil
        }
        g_action_map_add_action(cast(raw), pointer)
        guard let isOn else { return }
        bind { g_simple_action_set_enabled(pointer, isOn() ? 1 : 0) }
    }
}

/// The bar at the top of a window.
@MainActor
package final class HeaderBar: Widget {
    private let title: UnsafeMutablePointer<GtkWidget>

    package init(title text: String) {
        title = adw_window_title_new(text, "")
        super.init(UnsafeMutableRawPointer(adw_header_bar_new()))
        adw_header_bar_set_title_widget(cast(raw), title)
    }

    package func packStart(_ child: Widget) { adw_header_bar_pack_start(cast(raw), child.widget) }

    package func packEnd(_ child: Widget) { adw_header_bar_pack_end(cast(raw), child.widget) }

    package func setTitle(_ text: String, subtitle: String) {
        adw_window_title_set_title(cast(UnsafeMutableRawPointer(title)), text)
        adw_window_title_set_subtitle(cast(UnsafeMutableRawPointer(title)), subtitle)
    }
}
