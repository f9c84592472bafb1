import CGtk

/// A word to choose from a list, or to type.
@MainActor
package final class ComboEntry: Widget {
    private let field: Widget
    private var words: [String] = []

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

    /// The word.
    package var text: String {
        get { String(cString: gtk_editable_get_text(OpaquePointer(field.raw))) }
        set {
            guard newValue != text else { return }
            field.withoutNotifying { gtk_editable_set_text(OpaquePointer(field.raw), newValue) }
        }
    }

    /// The words of the list.
    package func setItems(_ words: [String]) {
        guard words != self.words else { return }
        self.words = words
        let kept = text
        field.withoutNotifying {
            gtk_combo_box_text_remove_all(cast(raw))
            for word in words { gtk_combo_box_text_append_text(cast(raw), word) }
            gtk_editable_set_text(OpaquePointer(field.raw), kept)
        }
    }
}
