import CGtk
import DesktopModel
import GtkKit
import Localization

/// The shortcuts without Ctrl. They do not take keys from entries, buttons and lists.
enum Shortcuts {
    /// Handles a key.
    ///
    /// - Returns: whether it is a shortcut.
    static func handle(
        _ key: UInt32,
        _ modifiers: Modifiers,
        _ model: AppModel,
        _ window: Window
    ) -> Bool {
        guard !window.isTyping, !window.isInPopover || modifiers.contains(.alt) else {
            return false
        }
        switch model.page {
        case .work: break
        case .review: return ReviewKeys.handle(key, modifiers, model, window)
        case .find: return FindKeys.handle(key, modifiers, model, window)
        }
        if modifiers.contains(.alt) { return nudge(key, modifiers, model) }
        guard !modifiers.contains(.control) else { return false }
        if answer(key, model, window) { return true }
        let isShifted = modifiers.contains(.shift)
        switch Int32(key) {
        case GDK_KEY_space, GDK_KEY_Left, GDK_KEY_Right:
            let isSpace = Int32(key) == GDK_KEY_space
            guard !window.isOnControl(takingSpace: isSpace) else { return false }
        default: break
        }
        switch Int32(key) {
        case GDK_KEY_space, GDK_KEY_p, GDK_KEY_P: model.preview.togglePlaying()
        case GDK_KEY_Left, GDK_KEY_j, GDK_KEY_J: step(model, forward: false, isShifted)
        case GDK_KEY_Right, GDK_KEY_l, GDK_KEY_L: step(model, forward: true, isShifted)
        case GDK_KEY_k, GDK_KEY_K: model.preview.pauseAtCursor()
        case GDK_KEY_e, GDK_KEY_E: model.exportClip()
        case GDK_KEY_m, GDK_KEY_M: model.selectNextClip()
        case GDK_KEY_n, GDK_KEY_N: model.playlist.showNext()
        case GDK_KEY_f, GDK_KEY_F: model.findObject(isShifted ? .motion(because: nil) : nil)
        case GDK_KEY_question: show(over: window)
        case GDK_KEY_plus, GDK_KEY_equal:
            model.shownTimeline.zoom(by: 1.5, around: model.preview.cursor)
        case GDK_KEY_minus: model.shownTimeline.zoom(by: 1 / 1.5, around: model.preview.cursor)
        case GDK_KEY_0: model.shownTimeline.showAll()
        case GDK_KEY_Delete:
            guard model.isMarking, let id = model.marks.selectedID else { return false }
            model.marks.remove(id)
        default: return false
        }
        return true
    }

    /// Enter takes the proposal, a digit another object that was found, Escape discards them or stops
    /// the search.
    private static func answer(_ key: UInt32, _ model: AppModel, _ window: Window) -> Bool {
        guard model.isMarking else { return false }
        switch Int32(key) {
        case GDK_KEY_Return, GDK_KEY_KP_Enter, GDK_KEY_ISO_Enter:
            guard model.marks.proposal != nil, !window.isOnControl(takingSpace: true) else {
                return false
            }
            model.marks.takeProposal()
        case GDK_KEY_1...GDK_KEY_9: return model.takeObject(Int(Int32(key) - GDK_KEY_0))
        case GDK_KEY_KP_1...GDK_KEY_KP_9: return model.takeObject(Int(Int32(key) - GDK_KEY_KP_0))
        case GDK_KEY_Escape:
            guard model.finder.run == nil else {
                model.finder.cancel()
                return true
            }
            guard model.marks.proposal != nil else { return false }
            model.marks.discardProposal()
        default: return false
        }
        return true
    }

    private static func step(_ model: AppModel, forward: Bool, _ isSecond: Bool) {
        if isSecond {
            model.preview.move(by: forward ? 1 : -1)
        } else {
            model.preview.step(forward: forward)
        }
    }

    /// Alt and an arrow move the selected mark by a pixel, with Shift by ten.
    private static func nudge(
        _ key: UInt32,
        _ modifiers: Modifiers,
        _ model: AppModel
    ) -> Bool {
        guard model.isMarking, model.marks.selectedID != nil else { return false }
        let way = modifiers.contains(.shift) ? 10.0 : 1
        switch Int32(key) {
        case GDK_KEY_Left: model.marks.nudge(-way, 0)
        case GDK_KEY_Right: model.marks.nudge(way, 0)
        case GDK_KEY_Up: model.marks.nudge(0, -way)
        case GDK_KEY_Down: model.marks.nudge(0, way)
        default: return false
        }
        return true
    }

    /// Shows the window of shortcuts.
    static func show(over window: Window) {
        ShortcutsWindow.show(
            over: window,
            [
                .init(
                    localized("Playing"),
                    [
                        ("space p", localized("Play the span in a loop, or pause")),
                        ("k", localized("Pause at the cursor")),
                        ("Left j", localized("Previous frame")),
                        ("Right l", localized("Next frame")),
                        ("<Shift>Left <Shift>j", localized("Back by a second")),
                        ("<Shift>Right <Shift>l", localized("Forward by a second")),
                    ]
                ),
                .init(
                    localized("Timeline"),
                    [
                        ("m", localized("Next marker")),
                        ("plus", localized("Zoom in")),
                        ("minus", localized("Zoom out")),
                        ("0", localized("Show all")),
                    ]
                ),
                .init(
                    localized("Clips and Marks"),
                    [
                        ("e", localized("Export the clip at the cursor")),
                        ("f <Control>f", localized("Find the object")),
                        ("<Shift>f", localized("Find what moves or stands out")),
                        ("Return", localized("Take the proposal")),
                        ("1...9", localized("Take the object of this number")),
                        ("Escape", localized("Discard the proposal, or stop searching")),
                        ("<Alt>Left <Alt>Right <Alt>Up <Alt>Down", localized("Move the mark")),
                        ("Delete", localized("Remove the mark")),
                    ]
                ),
                ReviewKeys.group,
                FindKeys.group,
                .init(
                    localized("Window"),
                    [
                        ("<Control>o", localized("Open videos")),
                        ("n", localized("Next video")),
                        ("<Control>z", localized("Undo")),
                        ("<Control><Shift>z", localized("Redo")),
                        ("F11", localized("Full screen")),
                        ("<Control>comma", localized("Settings")),
                        ("question", localized("Keyboard shortcuts")),
                        ("<Control>q", localized("Close")),
                    ]
                ),
            ]
        )
    }
}
