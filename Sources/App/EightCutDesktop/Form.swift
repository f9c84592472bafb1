import CGtk
import GtkKit

/// Rows of a popover: what something is, and the control for it.
enum Form {
    static func row(_ title: String, _ control: Widget) -> Box {
        Box.row(spacing: 12, Label(title).expanding(), control.aligned(across: GTK_ALIGN_END))
    }

    static func column(_ rows: [Widget]) -> Box {
        let box = Box.column(spacing: 8).margins(across: 8, down: 8)
        for row in rows { box.append(row) }
        return box.atLeast(width: 320)
    }
}
