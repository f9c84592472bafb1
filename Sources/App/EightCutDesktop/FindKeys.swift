import CGtk
import DesktopModel
import GtkKit
import Localization

/// The keys of the search for clips. They do not take keys from entries, rows and lists, nor Space and
/// Enter from buttons.
enum FindKeys {
    /// Handles a key.
    ///
    /// - Returns: whether it is a shortcut.
    static func handle(
        _ key: UInt32,
        _ modifiers: Modifiers,
        _ model: AppModel,
        _ window: Window
    ) -> Bool {
        guard modifiers.isDisjoint(with: [.control, .alt]) else { return false }
        switch Int32(key) {
        case GDK_KEY_question: Shortcuts.show(over: window)
        case GDK_KEY_Escape:
            guard !model.finding.isScanning else {
                model.finding.cancelScan()
                return true
            }
            model.leaveFinding()
        case GDK_KEY_n, GDK_KEY_N: model.playlist.showNext()
        default:
            guard model.finding.state == .ready else { return false }
            return judge(key, model, window) || move(key, modifiers, model, window)
        }
        return true
    }

    /// The keys for verdicts and for what becomes of the clips.
    private static func judge(_ key: UInt32, _ model: AppModel, _ window: Window) -> Bool {
        let finding = model.finding
        switch Int32(key) {
        case GDK_KEY_Return, GDK_KEY_KP_Enter, GDK_KEY_ISO_Enter:
            guard !window.isOnControl(takingSpace: true), !window.isOnRow else { return false }
            finding.judge(.keep)
        case GDK_KEY_a, GDK_KEY_A: finding.judge(.keep)
        case GDK_KEY_x, GDK_KEY_X: finding.judge(.reject)
        case GDK_KEY_u, GDK_KEY_U, GDK_KEY_BackSpace: finding.takeBack()
        case GDK_KEY_e, GDK_KEY_E: model.exportKept()
        default: return false
        }
        return true
    }

    /// The keys that show something else.
    private static func move(
        _ key: UInt32,
        _ modifiers: Modifiers,
        _ model: AppModel,
        _ window: Window
    ) -> Bool {
        let finding = model.finding
        switch Int32(key) {
        case GDK_KEY_space:
            guard !window.isOnControl(takingSpace: true) else { return false }
            finding.preview?.togglePlaying()
        case GDK_KEY_Left, GDK_KEY_Right:
            guard !window.isOnControl(takingSpace: false) else { return false }
            finding.move(forward: Int32(key) == GDK_KEY_Right)
        case GDK_KEY_Up, GDK_KEY_Down:
            guard !window.isOnControl(takingSpace: false), !window.isOnControl(takingSpace: true),
                !window.isOnRow
            else { return false }
            Watch.limit(of: finding) { finding.moveLimit(by: Int32(key) == GDK_KEY_Up ? 1 : -1) }
        case GDK_KEY_s, GDK_KEY_S: finding.showNextShot()
        case GDK_KEY_bracketleft, GDK_KEY_braceleft: moveStart(-1, key, modifiers, finding)
        case GDK_KEY_bracketright, GDK_KEY_braceright: moveStart(1, key, modifiers, finding)
        case GDK_KEY_comma: finding.preview?.step(forward: false)
        case GDK_KEY_period: finding.preview?.step(forward: true)
        case GDK_KEY_plus, GDK_KEY_equal: zoom(1.5, model)
        case GDK_KEY_minus: zoom(1 / 1.5, model)
        case GDK_KEY_0: model.timeline.showAll()
        default: return false
        }
        return true
    }

    private static func zoom(_ factor: Double, _ model: AppModel) {
        model.timeline.zoom(by: factor, around: model.finding.preview?.position ?? 0)
    }

    /// A frame, or with Shift half a second: on some keyboards that is another sign.
    private static func moveStart(
        _ way: Int,
        _ key: UInt32,
        _ modifiers: Modifiers,
        _ finding: ClipFindModel
    ) {
        let isBrace = [GDK_KEY_braceleft, GDK_KEY_braceright].contains(Int32(key))
        if isBrace || modifiers.contains(.shift) {
            finding.moveStart(by: 0.5 * Double(way))
        } else {
            finding.moveStart(byFrames: way)
        }
    }

    /// What the window of shortcuts says.
    static var group: ShortcutsWindow.Group {
        .init(
            localized("Find Clips"),
            [
                ("<Control><Shift>f", localized("Find clips")),
                ("a Return", localized("Keep, and show the next clip")),
                ("x", localized("Reject, and show the next clip")),
                ("u BackSpace", localized("Take the last verdict back")),
                ("e", localized("Export all clips that were kept")),
                ("Left Right", localized("Previous or next clip")),
                ("s", localized("A clip in the next shot")),
                ("bracketleft bracketright", localized("Begin a frame earlier or later")),
                (
                    "<Shift>bracketleft <Shift>bracketright",
                    localized("Begin half a second earlier or later")
                ),
                ("Up Down", localized("Move the limit")),
                ("space", localized("Play or pause")),
                ("comma period", localized("Previous or next frame")),
                ("Escape", localized("Stop the scan, or back to the videos")),
            ]
        )
    }
}
