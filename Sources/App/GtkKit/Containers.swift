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

    /// Adds a widget at the end.
    package func append(_ child: Widget) { gtk_box_append(cast(raw), child.widget) }

    /// Takes a widget out.
    package func remove(_ child: Widget) { gtk_box_remove(cast(raw), child.widget) }
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

/// A part of something larger, with scroll bars.
@MainActor
package final class ScrolledWindow: Widget {
    /// Shows a part of `child`.
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

/// Several pages, one of which is seen.
@MainActor
package final class Stack: Widget {
    /// Makes it without pages.
    package init() {
        super.init(UnsafeMutableRawPointer(gtk_stack_new()))
    }

    /// Adds a page.
    package func add(_ page: Widget, name: String) {
        gtk_stack_add_named(cast(raw), page.widget, name)
    }

    /// Shows a page.
    package func show(_ name: String) {
        if let now = gtk_stack_get_visible_child_name(cast(raw)), String(cString: now) == name {
            return
        }
        gtk_stack_set_visible_child_name(cast(raw), name)
    }
}

/// A side bar that folds away when there is little room.
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

    /// Whether the side bar is there.
    package var isOpen: Bool {
        get { adw_flap_get_reveal_flap(cast(raw)) != 0 }
        set { adw_flap_set_reveal_flap(cast(raw), newValue ? 1 : 0) }
    }
}

/// A list of rows.
@MainActor
package final class ListBox: Widget {
    /// Makes it without rows.
    package init() {
        super.init(UnsafeMutableRawPointer(gtk_list_box_new()))
        gtk_list_box_set_selection_mode(cast(raw), GTK_SELECTION_SINGLE)
        gtk_list_box_set_activate_on_single_click(cast(raw), 1)
    }

    /// Puts a row at a place.
    package func insert(_ row: ListBoxRow, at place: Int) {
        gtk_list_box_insert(cast(raw), row.widget, Int32(place))
    }

    /// Takes a row out.
    package func remove(_ row: ListBoxRow) { gtk_list_box_remove(cast(raw), row.widget) }

    /// Shows which row counts; nil for none.
    package func select(_ place: Int?) {
        let row = place.flatMap { gtk_list_box_get_row_at_index(cast(raw), Int32($0)) }
        if gtk_list_box_get_selected_row(cast(raw)) != row {
            gtk_list_box_select_row(cast(raw), row)
        }
    }

    /// Calls `handler` with the place of a row that was clicked or taken by Return.
    package func onActivate(_ handler: @escaping @MainActor (Int) -> Void) {
        connect("row-activated") { values in
            guard let row = values.object(1) else { return nil }
            handler(Int(gtk_list_box_row_get_index(cast(row))))
            return nil
        }
    }

    /// What is seen when there are no rows.
    package func setPlaceholder(_ child: Widget) {
        gtk_list_box_set_placeholder(cast(raw), child.widget)
    }
}

/// A row of a list.
@MainActor
package final class ListBoxRow: Widget {
    /// A row that shows a widget.
    package init(_ child: Widget, name: String) {
        super.init(UnsafeMutableRawPointer(gtk_list_box_row_new()))
        gtk_list_box_row_set_child(cast(raw), child.widget)
        accessibleName = name
    }
}
