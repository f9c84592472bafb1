import CGtk

/// A read-only text.
@MainActor
package final class Label: Widget {
    package init(_ text: String = "", wraps: Bool = false, isSelectable: Bool = false) {
        super.init(UnsafeMutableRawPointer(gtk_label_new(text)))
        gtk_label_set_xalign(cast(raw), 0)
        gtk_label_set_selectable(cast(raw), isSelectable ? 1 : 0)
        if wraps {
            gtk_label_set_wrap(cast(raw), 1)
            gtk_label_set_wrap_mode(cast(raw), PANGO_WRAP_WORD_CHAR)
        }
    }

    /// A text that says what goes on: screen readers follow it.
    package static func status(wraps: Bool = false) -> Label {
        let label = Label(make(gtk_label_get_type(), role: GTK_ACCESSIBLE_ROLE_STATUS))
        gtk_label_set_xalign(cast(label.raw), 0)
        if wraps {
            gtk_label_set_wrap(cast(label.raw), 1)
            gtk_label_set_wrap_mode(cast(label.raw), PANGO_WRAP_WORD_CHAR)
        }
        return label
    }

    override private init(_ pointer: UnsafeMutableRawPointer) { super.init(pointer) }

    package var text: String {
        get { String(cString: gtk_label_get_text(cast(raw))) }
        set { if newValue != text { gtk_label_set_text(cast(raw), newValue) } }
    }

    /// Wraps lines that are longer.
    @discardableResult
    package func wrapped(atChars characters: Int32) -> Self {
        gtk_label_set_max_width_chars(cast(raw), characters)
        return self
    }

    /// Centres its lines.
    @discardableResult
    package func centred() -> Self {
        gtk_label_set_xalign(cast(raw), 0.5)
        gtk_label_set_justify(cast(raw), GTK_JUSTIFY_CENTER)
        return self
    }

    /// Shortens long texts in the middle: both ends of a file name matter.
    @discardableResult
    package func ellipsized(minChars characters: Int32 = -1) -> Self {
        gtk_label_set_ellipsize(cast(raw), PANGO_ELLIPSIZE_MIDDLE)
        gtk_label_set_width_chars(cast(raw), characters)
        return self
    }
}

@MainActor
package class Button: Widget {
    /// A click does not move the focus, so that the keys of the window keep their meaning.
    override package init(_ pointer: UnsafeMutableRawPointer) {
        super.init(pointer)
        gtk_widget_set_focus_on_click(widget, 0)
    }

    package convenience init(_ label: String, _ action: @escaping @MainActor () -> Void) {
        self.init(UnsafeMutableRawPointer(gtk_button_new_with_label(label)))
        on("clicked", action)
    }

    /// A button with an icon; `name` is for screen readers and the tooltip.
    package convenience init(
        icon: String,
        name: String,
        tooltip: String? = nil,
        _ action: @escaping @MainActor () -> Void
    ) {
        self.init(UnsafeMutableRawPointer(gtk_button_new_from_icon_name(icon)))
        named(name, tooltip: tooltip)
        on("clicked", action)
    }

    /// A button with an icon and a label.
    package convenience init(
        icon: String,
        label: Label,
        name: String,
        _ action: @escaping @MainActor () -> Void
    ) {
        self.init(UnsafeMutableRawPointer(gtk_button_new()))
        let content = Box.row(Icon(icon), label)
        withExtendedLifetime(content) { gtk_button_set_child(cast(raw), content.widget) }
        named(name)
        on("clicked", action)
    }

    package var label: String {
        get { gtk_button_get_label(cast(raw)).map { String(cString: $0) } ?? "" }
        set {
            guard newValue != label else { return }
            gtk_button_set_label(cast(raw), newValue)
        }
    }

    package func setIcon(_ name: String) { gtk_button_set_icon_name(cast(raw), name) }
}

@MainActor
package final class ToggleButton: Button {
    /// `action` is called when the user presses it.
    package convenience init(
        _ label: String? = nil,
        icon: String? = nil,
        name: String,
        _ action: @escaping @MainActor (Bool) -> Void
    ) {
        self.init(UnsafeMutableRawPointer(gtk_toggle_button_new()))
        if let label { gtk_button_set_label(cast(raw), label) }
        if let icon { gtk_button_set_icon_name(cast(raw), icon) }
        named(name)
        onUserChange("toggled") { [weak self] in
            if let self { action(isOn) }
        }
    }

    /// Setting it does not call the action.
    package var isOn: Bool {
        get { gtk_toggle_button_get_active(cast(raw)) != 0 }
        set {
            guard newValue != isOn else { return }
            withoutNotifying { gtk_toggle_button_set_active(cast(raw), newValue ? 1 : 0) }
        }
    }
}

@MainActor
package final class CheckButton: Widget {
    package init(_ label: String, _ action: @escaping @MainActor (Bool) -> Void) {
        super.init(UnsafeMutableRawPointer(gtk_check_button_new_with_label(label)))
        onUserChange("toggled") { [weak self] in
            if let self { action(isOn) }
        }
    }

    package var isOn: Bool {
        get { gtk_check_button_get_active(cast(raw)) != 0 }
        set {
            guard newValue != isOn else { return }
            withoutNotifying { gtk_check_button_set_active(cast(raw), newValue ? 1 : 0) }
        }
    }
}

@MainActor
package final class SpinButton: Widget {
    package init(
        name: String,
        _ range: ClosedRange<Double>,
        step: Double = 1,
        digits: UInt32 = 0,
        _ action: @escaping @MainActor (Double) -> Void
    ) {
        super.init(
            UnsafeMutableRawPointer(
                gtk_spin_button_new_with_range(range.lowerBound, range.upperBound, step)
            )
        )
        gtk_spin_button_set_digits(cast(raw), digits)
        gtk_spin_button_set_numeric(cast(raw), 1)
        accessibleName = name
        onUserChange("value-changed") { [weak self] in
            if let self { action(value) }
        }
    }

    package var value: Double {
        get { gtk_spin_button_get_value(cast(raw)) }
        set {
            guard abs(newValue - value) > 1e-9 else { return }
            withoutNotifying { gtk_spin_button_set_value(cast(raw), newValue) }
        }
    }
}

@MainActor
package final class Scale: Widget {
    package init(
        name: String,
        _ range: ClosedRange<Double>,
        step: Double,
        _ action: @escaping @MainActor (Double) -> Void
    ) {
        super.init(
            UnsafeMutableRawPointer(
                gtk_scale_new_with_range(
                    GTK_ORIENTATION_HORIZONTAL,
                    range.lowerBound,
                    range.upperBound,
                    step
                )
            )
        )
        gtk_scale_set_draw_value(cast(raw), 0)
        named(name)
        onUserChange("value-changed") { [weak self] in
            if let self { action(value) }
        }
    }

    /// Changes what can be set.
    package func setRange(_ range: ClosedRange<Double>, step: Double) {
        withoutNotifying {
            gtk_range_set_range(cast(raw), range.lowerBound, range.upperBound)
            gtk_range_set_increments(cast(raw), step, 5 * step)
            // Without it, values would have the digits of the first step.
            gtk_range_set_round_digits(cast(raw), 6)
        }
    }

    package var value: Double {
        get { gtk_range_get_value(cast(raw)) }
        set {
            guard abs(newValue - value) > 1e-9 else { return }
            withoutNotifying { gtk_range_set_value(cast(raw), newValue) }
        }
    }
}

@MainActor
package final class DropDown: Widget {
    /// `action` is called with the index that the user has chosen.
    package init(name: String, _ items: [String], _ action: @escaping @MainActor (Int) -> Void) {
        self.items = items
        super.init(
            UnsafeMutableRawPointer(
                Self.withStrings(items) { gtk_drop_down_new_from_strings($0) }
            )
        )
        gtk_widget_set_focus_on_click(widget, 0)
        named(name)
        onUserChange("notify::selected") { [weak self] in
            if let self { action(selected) }
        }
    }

    /// What can be chosen.
    package var items: [String] {
        didSet {
            guard items != oldValue else { return }
            withoutNotifying {
                guard let list = Self.withStrings(items, { gtk_string_list_new($0) }) else {
                    return
                }
                gtk_drop_down_set_model(cast(raw), list)
                g_object_unref(UnsafeMutableRawPointer(list))
            }
        }
    }

    private static func withStrings<Result>(
        _ items: [String],
        _ body: (UnsafePointer<UnsafePointer<CChar>?>) -> Result
    ) -> Result {
        var pointers: [UnsafePointer<CChar>?] = items.map { UnsafePointer(g_strdup($0)) }
        pointers.append(nil)
        defer { for pointer in pointers { g_free(UnsafeMutableRawPointer(mutating: pointer)) } }
        return body(pointers)
    }

    /// The index of the chosen item.
    package var selected: Int {
        get { Int(gtk_drop_down_get_selected(cast(raw))) }
        set {
            guard newValue != selected else { return }
            withoutNotifying { gtk_drop_down_set_selected(cast(raw), UInt32(clamping: newValue)) }
        }
    }
}

@MainActor
package final class ProgressBar: Widget {
    package init(name: String) {
        super.init(UnsafeMutableRawPointer(gtk_progress_bar_new()))
        accessibleName = name
    }

    /// Shows a part from 0 to 1; nil if it is unknown: the bar pulses.
    package func show(_ part: Double?) {
        if let part {
            gtk_progress_bar_set_fraction(cast(raw), min(1, max(0, part)))
        } else {
            gtk_progress_bar_pulse(cast(raw))
        }
    }
}

/// An icon of the icon theme.
@MainActor
package final class Icon: Widget {
    /// An icon without a name for screen readers.
    package init(_ name: String, size: Int32 = 16) {
        super.init(UnsafeMutableRawPointer(gtk_image_new_from_icon_name(name)))
        gtk_image_set_pixel_size(cast(raw), size)
    }

    package func show(_ name: String) { gtk_image_set_from_icon_name(cast(raw), name) }
}
