import CGtk

/// A place over which a few words about good news appear.
@MainActor
package final class ToastOverlay: Widget {
    /// Puts them over `child`.
    package init(_ child: Widget) {
        super.init(UnsafeMutableRawPointer(adw_toast_overlay_new()))
        adw_toast_overlay_set_child(cast(raw), child.widget)
    }

    /// A few words about something that went well, for some seconds.
    package func toast(
        _ text: String,
        button: String? = nil,
        _ action: @escaping @MainActor () -> Void = {}
    ) {
        guard let escaped = g_markup_escape_text(text, -1) else { return }
        defer { g_free(escaped) }
        guard let pointer = adw_toast_new(escaped) else { return }
        if let button {
            adw_toast_set_button_label(pointer, button)
            let toast = Object(opaque: pointer)
            toast.on("button-clicked", action)
        }
        // What can be answered is seen at once; what only informs may wait.
        if button != nil { adw_toast_set_priority(pointer, ADW_TOAST_PRIORITY_HIGH) }
        adw_toast_set_timeout(pointer, button == nil ? 3 : 5)
        adw_toast_overlay_add_toast(cast(raw), pointer)
    }
}
