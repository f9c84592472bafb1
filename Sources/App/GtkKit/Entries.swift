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

    /// The text. Setting it does not count as the user's doing.
    package var text: String {
        get { String(cString: gtk_editable_get_text(cast(raw))) }
        set {
            guard newValue != text else { return }
            withoutNotifying { gtk_editable_set_text(cast(raw), newValue) }
        }
    }

    /// Asks for room for so many characters.
    @discardableResult
    package func widthChars(_ characters: Int32) -> Self {
        gtk_editable_set_width_chars(cast(raw), characters)
        return self
    }

    /// Marks a text that cannot be used.
    package func setWrong(_ isWrong: Bool) { setStyle("error", isWrong) }

    /// Offers words that contain what is typed.
    package func complete(with words: [String]) {
        let type = UnsafeMutablePointer<GType>.allocate(capacity: 1)
        defer { type.deallocate() }
        type.pointee = cgtk_type_string()
        guard let store = gtk_list_store_newv(1, type) else { return }
        for word in words {
            var (row, value, column) = (GtkTreeIter(), GValue(), Int32(0))
            g_value_init(&value, cgtk_type_string())
            g_value_set_string(&value, word)
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

    /// Empties it.
    package func clear() {
        gtk_text_buffer_set_text(gtk_text_view_get_buffer(cast(raw)), "", 0)
    }

    /// Adds a line at the end.
    package func append(_ line: String) {
        let buffer = gtk_text_view_get_buffer(cast(raw))
        var end = GtkTextIter()
        gtk_text_buffer_get_end_iter(buffer, &end)
        let text = gtk_text_buffer_get_char_count(buffer) > 0 ? "\n" + line : line
        gtk_text_buffer_insert(buffer, &end, text, -1)
    }
}
