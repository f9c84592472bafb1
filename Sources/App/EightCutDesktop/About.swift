import Diagnostics
import GtkKit
import Localization

/// Who made this, and how it may be used.
enum About {
    static func show(over window: Window) {
        Desktop.showAbout(
            over: window,
            name: "8-cut",
            icon: DesktopApp.id,
            version: programVersion,
            comments: localized("Cuts clips of 8 seconds and makes masks of what sounds.")
        )
    }
}
