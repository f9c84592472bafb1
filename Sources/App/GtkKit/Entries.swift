import CGtk

/// A line of text to type.
@MainActor
package final class Entry: Widget {
    /// An entry with a name, which is also shown while it is empty.
    package init(name: String, _ action: @escaping @MainActor (String) -> Void) {
        super.init(UnsafeMutableRawPointer(gtk_entry_new()))
        gtk_entry_set_placeholder_text(cast(raw), name)
        accessibleName = name
        onUserChange("changed") { [weak self] in
            if let self { action(text) }
        }
    }

    /// Setting it does not call the action.
    package var text: String {
        get { String(cString: gtk_editable_get_text(cast(raw))) }
        set {
            guard newValue != text else { return }
            withoutNotifying { gtk_editable_set_text(cast(raw), newValue) }
        }
    }

    /// Calls `handler` when Enter is pressed.
    package func onEnter(_ handler: @escaping @MainActor () -> Void) { on("activate", handler) }

    /// Requests the width of this many characters.
    @discardableResult
    package func widthChars(_ characters: Int32) -> Self {
        gtk_editable_set_width_chars(cast(raw), characters)
        return self
    }

    /// Marks an invalid text.
    package func setWrong(_ isWrong: Bool) { setStyle("error", isWrong) }

    /// Offers completions that contain the typed text.
    package func complete(with items: [String]) {
        let type = UnsafeMutablePointer<GType>.allocate(capacity: 1)
        defer { type.deallocate() }
        type.pointee = cgtk_type_string()
        guard let store = gtk_list_store_newv(1, type) else { return }
        for item in items {
            var (row, value, column) = (GtkTreeIter(), GValue(), Int32(0))
            g_value_init(&value, cgtk_type_string())
            g_value_set_string(&value, item)
            gtk_list_store_insert_with_valuesv(store, &row, -1, &column, &value, 1)
            g_value_unset(&value)
        }
        let completion = gtk_entry_completion_new()
        gtk_entry_completion_set_model(completion, OpaquePointer(store))
        gtk_entry_completion_set_text_column(completion, 0)
        gtk_entry_completion_set_popup_completion(completion, 1)
        gtk_entry_completion_set_inline_completion(completion, 0)
        gtk_entry_set_completion(cast(raw), completion)
        g_object_unref(UnsafeMutableRawPointer(store))
        g_object_unref(completion.map { UnsafeMutableRawPointer($0) })
    }
}

/// Many lines of text that are only read.
@MainActor
package final class LogView: Widget {
    /// An empty text in letters of equal width.
    package init(name: String) {
        super.init(UnsafeMutableRawPointer(gtk_text_view_new()))
        gtk_text_view_set_editable(cast(raw), 0)
        gtk_text_view_set_cursor_visible(cast(raw), 0)
        gtk_text_view_set_monospace(cast(raw), 1)
        gtk_text_view_set_wrap_mode(cast(raw), GTK_WRAP_WORD_CHAR)
        for margin in [
            gtk_text_view_set_left_margin, gtk_text_view_set_right_margin,
            gtk_text_view_set_top_margin, gtk_text_view_set_bottom_margin,
        ] {
            margin(cast(raw), 8)
        }
        accessibleName = name
    }

    package func clear() {
        gtk_text_buffer_set_text(gtk_text_view_get_buffer(cast(raw)), "", 0)
    }

    package func append(_ line: String) {
        let buffer = gtk_text_view_get_buffer(cast(raw))
        var end = GtkTextIter()
        gtk_text_buffer_get_end_iter(buffer, &end)
        let text = gtk_text_buffer_get_char_count(buffer) > 0 ? "\n" + line : line
        gtk_text_buffer_insert(buffer, &end, text, -1)
    }
}

/// An entry with a list of suggestions.
@MainActor
package final class ComboEntry: Widget {
    private let field: Widget
    private var items: [String] = []

    /// An entry with a list; its name is also shown while it is empty.
    package init(name: String, _ action: @escaping @MainActor (String) -> Void) {
        let combo = UnsafeMutableRawPointer(gtk_combo_box_text_new_with_entry().unsafelyUnwrapped)
        field = Widget(UnsafeMutableRawPointer(gtk_combo_box_get_child(cast(combo))))
        super.init(combo)
        field.accessibleName = name
        accessibleName = name
        tooltip = name
        gtk_entry_set_placeholder_text(cast(field.raw), name)
        gtk_editable_set_width_chars(OpaquePointer(field.raw), 9)
        field.onUserChange("changed") { [weak self] in
            if let self { action(text) }
        }
    }

    package var text: String {
        get { String(cString: gtk_editable_get_text(OpaquePointer(field.raw))) }
        set {
            guard newValue != text else { return }
            field.withoutNotifying { gtk_editable_set_text(OpaquePointer(field.raw), newValue) }
        }
    }

    package func setItems(_ items: [String]) {
        guard items != self.items else { return }
        self.items = items
        let kept = text
        field.withoutNotifying {
            gtk_combo_box_text_remove_all(cast(raw))
            for item in items { gtk_combo_box_text_append_text(cast(raw), item) }
            gtk_editable_set_text(OpaquePointer(field.raw), kept)
        }
    }
}
