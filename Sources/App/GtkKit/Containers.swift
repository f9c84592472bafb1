import CGtk

/// Widgets in a row or in a column.
@MainActor
package final class Box: Widget {
    /// Puts widgets side by side.
    package static func row(spacing: Int32 = 6, _ children: Widget...) -> Box {
        Box(GTK_ORIENTATION_HORIZONTAL, spacing, children)
    }

    /// Puts widgets below each other.
    package static func column(spacing: Int32 = 6, _ children: Widget...) -> Box {
        Box(GTK_ORIENTATION_VERTICAL, spacing, children)
    }

    /// Puts two widgets side by side that belong together.
    package static func linked(_ children: Widget...) -> Box {
        Box(GTK_ORIENTATION_HORIZONTAL, 0, children).styled("linked")
    }

    private init(_ orientation: GtkOrientation, _ spacing: Int32, _ children: [Widget]) {
        super.init(UnsafeMutableRawPointer(gtk_box_new(orientation, spacing)))
        for child in children { append(child) }
    }

    package func append(_ child: Widget) { gtk_box_append(cast(raw), child.widget) }

    package func remove(_ child: Widget) { gtk_box_remove(cast(raw), child.widget) }
}

/// Widgets side by side, in as many rows as they need.
@MainActor
package final class FlowBox: Widget {
    /// - Parameters:
    ///   - most: the most widgets in a row.
    ///   - name: for screen readers.
    package init(most: UInt32, name: String) {
        super.init(UnsafeMutableRawPointer(gtk_flow_box_new()))
        gtk_flow_box_set_selection_mode(cast(raw), GTK_SELECTION_NONE)
        gtk_flow_box_set_max_children_per_line(cast(raw), most)
        gtk_flow_box_set_column_spacing(cast(raw), 6)
        gtk_flow_box_set_row_spacing(cast(raw), 4)
        accessibleName = name
    }

    package func append(_ child: Widget) {
        gtk_flow_box_append(cast(raw), child.widget)
        // The cell around it is no stop for the keyboard.
        if let cell = gtk_widget_get_parent(child.widget) { gtk_widget_set_focusable(cell, 0) }
    }

    package func remove(_ child: Widget) {
        guard let cell = gtk_widget_get_parent(child.widget) else { return }
        gtk_flow_box_remove(cast(raw), cell)
    }
}

/// Widgets on top of another one.
@MainActor
package final class Overlay: Widget {
    /// Puts `child` below.
    package init(_ child: Widget) {
        super.init(UnsafeMutableRawPointer(gtk_overlay_new()))
        gtk_overlay_set_child(cast(raw), child.widget)
    }

    /// Puts a widget on top, which does not make the whole larger.
    @discardableResult
    package func covered(by child: Widget) -> Self {
        gtk_overlay_add_overlay(cast(raw), child.widget)
        gtk_overlay_set_clip_overlay(cast(raw), child.widget, 1)
        return self
    }

    /// Takes a widget off.
    package func remove(_ child: Widget) { gtk_overlay_remove_overlay(cast(raw), child.widget) }
}

@MainActor
package final class ScrolledWindow: Widget {
    package init(_ child: Widget, scrollsHorizontally: Bool = false, minHeight: Int32 = -1) {
        super.init(UnsafeMutableRawPointer(gtk_scrolled_window_new()))
        gtk_scrolled_window_set_child(cast(raw), child.widget)
        gtk_scrolled_window_set_policy(
            cast(raw),
            scrollsHorizontally ? GTK_POLICY_AUTOMATIC : GTK_POLICY_NEVER,
            GTK_POLICY_AUTOMATIC
        )
        gtk_scrolled_window_set_min_content_height(cast(raw), minHeight)
    }

    /// Scrolls to the end.
    package func scrollToEnd() {
        guard let place = gtk_scrolled_window_get_vadjustment(cast(raw)) else { return }
        gtk_adjustment_set_value(place, gtk_adjustment_get_upper(place))
    }
}

/// Pages, one of which is visible.
@MainActor
package final class Stack: Widget {
    private var pages: [String: Widget] = [:]
    private var shown: String?

    package init() {
        super.init(UnsafeMutableRawPointer(gtk_stack_new()))
    }

    /// The first page that is added is shown.
    package func add(_ page: Widget, name: String) {
        gtk_stack_add_named(cast(raw), page.widget, name)
        pages[name] = page
        page.isVisible = shown == nil
        if shown == nil { shown = name }
    }

    package func show(_ name: String) {
        guard shown != name, let page = pages[name] else { return }
        page.isVisible = true
        gtk_stack_set_visible_child_name(cast(raw), name)
        // Screen readers would read what is only not on top.
        if let shown { pages[shown]?.isVisible = false }
        shown = name
    }
}

/// A side bar that folds away in narrow windows.
@MainActor
package final class Flap: Widget {
    /// Puts a side bar beside the content.
    package init(side: Widget, content: Widget) {
        super.init(UnsafeMutableRawPointer(adw_flap_new()))
        adw_flap_set_flap(cast(raw), side.widget)
        adw_flap_set_content(cast(raw), content.widget)
        let line = gtk_separator_new(GTK_ORIENTATION_VERTICAL)
        adw_flap_set_separator(cast(raw), line)
    }

    package var isOpen: Bool {
        get { adw_flap_get_reveal_flap(cast(raw)) != 0 }
        set { adw_flap_set_reveal_flap(cast(raw), newValue ? 1 : 0) }
    }
}

/// A list of rows.
@MainActor
package final class ListBox: Widget {
    package init() {
        super.init(UnsafeMutableRawPointer(gtk_list_box_new()))
        gtk_list_box_set_selection_mode(cast(raw), GTK_SELECTION_SINGLE)
        gtk_list_box_set_activate_on_single_click(cast(raw), 1)
    }

    package func insert(_ row: ListBoxRow, at place: Int) {
        gtk_list_box_insert(cast(raw), row.widget, Int32(place))
    }

    package func remove(_ row: ListBoxRow) { gtk_list_box_remove(cast(raw), row.widget) }

    package func select(_ place: Int?) {
        let row = place.flatMap { gtk_list_box_get_row_at_index(cast(raw), Int32($0)) }
        if gtk_list_box_get_selected_row(cast(raw)) != row {
            gtk_list_box_select_row(cast(raw), row)
        }
    }

    /// Calls `handler` with the index of a row that was clicked or activated with Return.
    package func onActivate(_ handler: @escaping @MainActor (Int) -> Void) {
        connect("row-activated") { values in
            guard let row = values.object(1) else { return nil }
            handler(Int(gtk_list_box_row_get_index(cast(row))))
            return nil
        }
    }

    package func setPlaceholder(_ child: Widget) {
        gtk_list_box_set_placeholder(cast(raw), child.widget)
    }
}

/// A row of a list.
@MainActor
package final class ListBoxRow: Widget {
    package init(_ child: Widget, name: String) {
        super.init(UnsafeMutableRawPointer(gtk_list_box_row_new()))
        gtk_list_box_row_set_child(cast(raw), child.widget)
        accessibleName = name
    }
}

/// A horizontal line.
@MainActor
package final class Separator: Widget {
    package init() {
        super.init(UnsafeMutableRawPointer(gtk_separator_new(GTK_ORIENTATION_HORIZONTAL)))
    }
}

/// A page for when there is nothing to show.
@MainActor
package final class StatusPage: Widget {
    /// A page.
    ///
    /// - Parameters:
    ///   - icon: a name in the icon theme.
    ///   - title: the heading.
    ///   - text: the explanation.
    ///   - child: a widget below.
    package init(icon: String, title: String, text: String, child: Widget? = nil) {
        super.init(UnsafeMutableRawPointer(adw_status_page_new()))
        adw_status_page_set_icon_name(cast(raw), icon)
        adw_status_page_set_title(cast(raw), title)
        self.text = text
        if let child { adw_status_page_set_child(cast(raw), child.widget) }
    }

    package var title: String {
        get { String(cString: adw_status_page_get_title(cast(raw))) }
        set { adw_status_page_set_title(cast(raw), newValue) }
    }

    package var text: String {
        get { adw_status_page_get_description(cast(raw)).map { String(cString: $0) } ?? "" }
        set {
            guard let escaped = g_markup_escape_text(newValue, -1) else { return }
            adw_status_page_set_description(cast(raw), escaped)
            g_free(escaped)
        }
    }
}
