import CGtk

/// A page that says why there is nothing to see, and what to do about it.
@MainActor
package final class StatusPage: Widget {
    /// A page.
    ///
    /// - Parameters:
    ///   - icon: a picture of the icon theme.
    ///   - title: in a few words.
    ///   - text: in sentences.
    ///   - child: what to do; nil for nothing.
    package init(icon: String, title: String, text: String, child: Widget? = nil) {
        super.init(UnsafeMutableRawPointer(adw_status_page_new()))
        adw_status_page_set_icon_name(cast(raw), icon)
        adw_status_page_set_title(cast(raw), title)
        self.text = text
        if let child { adw_status_page_set_child(cast(raw), child.widget) }
    }

    /// The sentences.
    package var text: String {
        get { adw_status_page_get_description(cast(raw)).map { String(cString: $0) } ?? "" }
        set {
            guard let escaped = g_markup_escape_text(newValue, -1) else { return }
            adw_status_page_set_description(cast(raw), escaped)
            g_free(escaped)
        }
    }
}
