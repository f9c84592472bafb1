import CGtk

/// A line between what is above and what is below.
@MainActor
package final class Separator: Widget {
    /// A line from side to side.
    package init() {
        super.init(UnsafeMutableRawPointer(gtk_separator_new(GTK_ORIENTATION_HORIZONTAL)))
    }
}
