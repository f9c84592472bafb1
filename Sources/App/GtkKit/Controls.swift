import CGtk

/// A text that is only read.
@MainActor
package final class Label: Widget {
    /// Shows a text.
    package init(_ text: String = "", wraps: Bool = false, isSelectable: Bool = false) {
        super.init(UnsafeMutableRawPointer(gtk_label_new(text)))
        gtk_label_set_xalign(cast(raw), 0)
        gtk_label_set_selectable(cast(raw), isSelectable ? 1 : 0)
        if wraps {
            gtk_label_set_wrap(cast(raw), 1)
            gtk_label_set_wrap_mode(cast(raw), PANGO_WRAP_WORD_CHAR)
        }
    }

    /// The text.
    package var text: String {
        get { String(cString: gtk_label_get_text(cast(raw))) }
        set { if newValue != text { gtk_label_set_text(cast(raw), newValue) } }
    }

    /// Shortens what does not fit, in the middle: both ends of a file name tell something.
    @discardableResult
    package func ellipsized(minChars characters: Int32 = -1) -> Self {
        gtk_label_set_ellipsize(cast(raw), PANGO_ELLIPSIZE_MIDDLE)
        gtk_label_set_width_chars(cast(raw), characters)
        return self
    }
}

/// Something to press.
@MainActor
package class Button: Widget {
    /// A click leaves the keyboard where it is: the window's keys stay what they are.
    override package init(_ pointer: UnsafeMutableRawPointer) {
        super.init(pointer)
        gtk_widget_set_focus_on_click(widget, 0)
    }

    /// A button with a word on it. Its name for screen readers is that word.
    package convenience init(_ label: String, _ action: @escaping @MainActor () -> Void) {
        self.init(UnsafeMutableRawPointer(gtk_button_new_with_label(label)))
        on("clicked", action)
    }

    /// A button with a picture on it, whose meaning is said by `name`.
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

    /// A button with a picture and a word on it.
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

    /// The word on it.
    package var label: String {
        get { gtk_button_get_label(cast(raw)).map { String(cString: $0) } ?? "" }
        set {
            guard newValue != label else { return }
            gtk_button_set_label(cast(raw), newValue)
        }
    }

    /// The picture on it.
    package func setIcon(_ name: String) { gtk_button_set_icon_name(cast(raw), name) }
}

/// Something that stays pressed.
@MainActor
package final class ToggleButton: Button {
    /// A toggle with a word or a picture; `action` is told when the user presses it.
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

    /// Whether it is pressed. Setting it does not count as the user's doing.
    package var isOn: Bool {
        get { gtk_toggle_button_get_active(cast(raw)) != 0 }
        set {
            guard newValue != isOn else { return }
            withoutNotifying { gtk_toggle_button_set_active(cast(raw), newValue ? 1 : 0) }
        }
    }
}

/// A box to tick.
@MainActor
package final class CheckButton: Widget {
    /// A box with a label.
    package init(_ label: String, _ action: @escaping @MainActor (Bool) -> Void) {
        super.init(UnsafeMutableRawPointer(gtk_check_button_new_with_label(label)))
        onUserChange("toggled") { [weak self] in
            if let self { action(isOn) }
        }
    }

    /// Whether it is ticked.
    package var isOn: Bool {
        get { gtk_check_button_get_active(cast(raw)) != 0 }
        set {
            guard newValue != isOn else { return }
            withoutNotifying { gtk_check_button_set_active(cast(raw), newValue ? 1 : 0) }
        }
    }
}

/// A number to type or to step.
@MainActor
package final class SpinButton: Widget {
    /// A number in a range.
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

    /// The number.
    package var value: Double {
        get { gtk_spin_button_get_value(cast(raw)) }
        set {
            guard abs(newValue - value) > 1e-9 else { return }
            withoutNotifying { gtk_spin_button_set_value(cast(raw), newValue) }
        }
    }
}

/// A number to slide.
@MainActor
package final class Scale: Widget {
    /// A number in a range.
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

    /// The number.
    package var value: Double {
        get { gtk_range_get_value(cast(raw)) }
        set {
            guard abs(newValue - value) > 1e-9 else { return }
            withoutNotifying { gtk_range_set_value(cast(raw), newValue) }
        }
    }
}

/// One of several words.
@MainActor
package final class DropDown: Widget {
    /// A choice; `action` is told the place of the word that the user has chosen.
    package init(name: String, _ words: [String], _ action: @escaping @MainActor (Int) -> Void) {
        var pointers: [UnsafePointer<CChar>?] = words.map { UnsafePointer(g_strdup($0)) }
        pointers.append(nil)
        super.init(UnsafeMutableRawPointer(gtk_drop_down_new_from_strings(&pointers)))
        for pointer in pointers { g_free(UnsafeMutableRawPointer(mutating: pointer)) }
        gtk_widget_set_focus_on_click(widget, 0)
        named(name)
        onUserChange("notify::selected") { [weak self] in
            if let self { action(selected) }
        }
    }

    /// The place of the word that is chosen.
    package var selected: Int {
        get { Int(gtk_drop_down_get_selected(cast(raw))) }
        set {
            guard newValue != selected else { return }
            withoutNotifying { gtk_drop_down_set_selected(cast(raw), UInt32(clamping: newValue)) }
        }
    }
}

/// How far something has come.
@MainActor
package final class ProgressBar: Widget {
    /// A bar of which nothing is filled.
    package init(name: String) {
        super.init(UnsafeMutableRawPointer(gtk_progress_bar_new()))
        accessibleName = name
    }

    /// The part that is done; nil when that is not known, and the bar only moves.
    package func show(_ part: Double?) {
        if let part {
            gtk_progress_bar_set_fraction(cast(raw), min(1, max(0, part)))
        } else {
            gtk_progress_bar_pulse(cast(raw))
        }
    }
}

/// A picture of the icon theme.
@MainActor
package final class Icon: Widget {
    /// Shows an icon, which means nothing by itself.
    package init(_ name: String, size: Int32 = 16) {
        super.init(UnsafeMutableRawPointer(gtk_image_new_from_icon_name(name)))
        gtk_image_set_pixel_size(cast(raw), size)
    }

    /// Shows another icon.
    package func show(_ name: String) { gtk_image_set_from_icon_name(cast(raw), name) }
}
