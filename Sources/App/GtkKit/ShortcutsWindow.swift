import CGtk

/// The window that shows which keys do what.
@MainActor
package enum ShortcutsWindow {
    /// Keys of one group.
    package struct Group {
        let title: String
        let keys: [(keys: String, meaning: String)]

        /// A group.
        package init(_ title: String, _ keys: [(keys: String, meaning: String)]) {
            self.title = title
            self.keys = keys
        }
    }

    /// Shows it.
    package static func show(over parent: Window, _ groups: [Group]) {
        let builder = gtk_builder_new_from_string(xml(groups), -1)
        defer { g_object_unref(builder.map { UnsafeMutableRawPointer($0) }) }
        guard let object = gtk_builder_get_object(builder, "shortcuts") else { return }
        let raw = UnsafeMutableRawPointer(object)
        gtk_window_set_transient_for(cast(raw), cast(parent.raw))
        gtk_window_present(cast(raw))
    }

    private static func xml(_ groups: [Group]) -> String {
        let body = groups.map { group in
            let rows = group.keys.map { entry in
                """
                <child><object class="GtkShortcutsShortcut">
                <property name="accelerator">\(escaped(entry.keys))</property>
                <property name="title">\(escaped(entry.meaning))</property>
                </object></child>
                """
            }
            return """
                <child><object class="GtkShortcutsGroup">
                <property name="title">\(escaped(group.title))</property>
                \(rows.joined())
                </object></child>
                """
        }
        return """
            <interface><object class="GtkShortcutsWindow" id="shortcuts">
            <property name="modal">1</property>
            <child><object class="GtkShortcutsSection">
            <property name="section-name">all</property>
            <property name="max-height">14</property>
            \(body.joined())
            </object></child>
            </object></interface>
            """
    }

    private static func escaped(_ text: String) -> String {
        guard let escaped = g_markup_escape_text(text, -1) else { return "" }
        defer { g_free(escaped) }
        return String(cString: escaped)
    }
}
