import CGtk

/// A window of settings, with pages.
@MainActor
package final class PreferencesWindow: Widget {
    package init(over parent: Window, title: String) {
        super.init(UnsafeMutableRawPointer(adw_preferences_window_new()))
        gtk_window_set_transient_for(cast(raw), cast(parent.raw))
        gtk_window_set_modal(cast(raw), 0)
        gtk_window_set_title(cast(raw), title)
        gtk_window_set_default_size(cast(raw), 680, 640)
        gtk_window_set_hide_on_close(cast(raw), 1)
        adw_preferences_window_set_search_enabled(cast(raw), 0)
    }

    package func add(_ page: PreferencesPage) {
        adw_preferences_window_add(cast(raw), cast(page.raw))
    }

    /// Brings it to the front.
    package func present() { gtk_window_present(cast(raw)) }

    package func show(_ page: PreferencesPage) {
        adw_preferences_window_set_visible_page(cast(raw), cast(page.raw))
    }

    /// Closes it for good.
    package func destroy() { gtk_window_destroy(cast(raw)) }
}

/// A page of settings.
@MainActor
package final class PreferencesPage: Widget {
    package init(title: String, icon: String) {
        super.init(UnsafeMutableRawPointer(adw_preferences_page_new()))
        adw_preferences_page_set_title(cast(raw), title)
        adw_preferences_page_set_icon_name(cast(raw), icon)
    }

    package func add(_ group: PreferencesGroup) {
        adw_preferences_page_add(cast(raw), cast(group.raw))
    }
}

/// Settings that belong together.
@MainActor
package final class PreferencesGroup: Widget {
    package init(title: String, description: String? = nil) {
        super.init(UnsafeMutableRawPointer(adw_preferences_group_new()))
        adw_preferences_group_set_title(cast(raw), title)
        adw_preferences_group_set_description(cast(raw), description)
    }

    package func add(_ child: Widget) {
        adw_preferences_group_add(cast(raw), child.widget)
    }
}

/// A row with a title, a subtitle and controls at its end.
@MainActor
package final class ActionRow: Widget {
    package init(title: String, subtitle: String = "") {
        super.init(UnsafeMutableRawPointer(adw_action_row_new()))
        adw_preferences_row_set_use_markup(cast(raw), 0)
        adw_preferences_row_set_title(cast(raw), title)
        self.subtitle = subtitle
    }

    package var subtitle: String {
        get { adw_action_row_get_subtitle(cast(raw)).map { String(cString: $0) } ?? "" }
        set { if newValue != subtitle { adw_action_row_set_subtitle(cast(raw), newValue) } }
    }

    /// Adds a control at the end.
    @discardableResult
    package func addingSuffix(_ child: Widget) -> Self {
        gtk_widget_set_valign(child.widget, GTK_ALIGN_CENTER)
        adw_action_row_add_suffix(cast(raw), child.widget)
        return self
    }
}
