import CGtk
import GtkKit

/// Rows of a popover: what something is, and the control for it.
enum Form {
    static func row(_ title: String, _ control: Widget) -> Box {
        Box.row(spacing: 12, Label(title).expanding(), control.halign(GTK_ALIGN_END))
    }

    static func column(_ rows: [Widget]) -> Box {
        let box = Box.column(spacing: 8).margins(horizontal: 8, vertical: 8)
        for row in rows { box.append(row) }
        return box.sizeRequest(width: 320)
    }
}
