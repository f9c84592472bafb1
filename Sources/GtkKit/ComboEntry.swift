import CGtk

/// A word to choose from a list, or to type.
@MainActor
public final class ComboEntry: Widget {
    private var isBeingSet = false
    private let entry: UnsafeMutablePointer<GtkWidget>
    private var words: [String] = []

    /// An entry with a list; its name is also shown while it is empty.
    public init(name: String, _ action: @escaping @MainActor (String) -> Void) {
        let combo = UnsafeMutableRawPointer(gtk_combo_box_text_new_with_entry().unsafelyUnwrapped)
        entry = gtk_combo_box_get_child(cast(combo))
        super.init(combo)
        let field = Widget(UnsafeMutableRawPointer(entry))
        field.accessibleName = name
        accessibleName = name
        tooltip = name
        gtk_entry_set_placeholder_text(cast(field.raw), name)
        gtk_editable_set_width_chars(OpaquePointer(field.raw), 9)
        field.on("changed") { [weak self] in
            guard let self, !isBeingSet else { return }
            action(text)
        }
    }

    /// The word.
    public var text: String {
        get { String(cString: gtk_editable_get_text(OpaquePointer(entry))) }
        set {
            guard newValue != text else { return }
            isBeingSet = true
            gtk_editable_set_text(OpaquePointer(entry), newValue)
            isBeingSet = false
        }
    }

    /// The words of the list.
    public func setWords(_ words: [String]) {
        guard words != self.words else { return }
        self.words = words
        let kept = text
        isBeingSet = true
        gtk_combo_box_text_remove_all(cast(raw))
        for word in words { gtk_combo_box_text_append_text(cast(raw), word) }
        gtk_editable_set_text(OpaquePointer(entry), kept)
        isBeingSet = false
    }
}
