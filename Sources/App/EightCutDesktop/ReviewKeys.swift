import CGtk
import ClipLibrary
import DesktopModel
import GtkKit
import Localization

/// The keys of the review. They do not take keys from entries and lists, nor Space and Enter from
/// buttons.
enum ReviewKeys {
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
        let review = model.review
        switch Int32(key) {
        case GDK_KEY_space, GDK_KEY_Return, GDK_KEY_KP_Enter, GDK_KEY_ISO_Enter:
            guard !window.isOnControl(takingSpace: true) else { return false }
        case GDK_KEY_Left, GDK_KEY_Right:
            guard !window.isOnControl(takingSpace: false) else { return false }
        default: break
        }
        switch Int32(key) {
        case GDK_KEY_a, GDK_KEY_A, GDK_KEY_Return, GDK_KEY_KP_Enter, GDK_KEY_ISO_Enter:
            judge(.keep, review)
        case GDK_KEY_x, GDK_KEY_X: judge(.reject, review)
        case GDK_KEY_u, GDK_KEY_U: judge(.undecided, review)
        case GDK_KEY_BackSpace:
            Watch.noteReviewKey()
            review.takeBack()
        case GDK_KEY_Left: review.move(forward: false)
        case GDK_KEY_Right: review.move(forward: true)
        case GDK_KEY_space: review.deck?.preview.togglePlaying()
        case GDK_KEY_comma: review.deck?.preview.step(forward: false)
        case GDK_KEY_period: review.deck?.preview.step(forward: true)
        case GDK_KEY_w, GDK_KEY_W: review.showWorst()
        case GDK_KEY_f, GDK_KEY_F: model.fixMasks()
        case GDK_KEY_1...GDK_KEY_9: review.label(Int(Int32(key) - GDK_KEY_0))
        case GDK_KEY_KP_1...GDK_KEY_KP_9: review.label(Int(Int32(key) - GDK_KEY_KP_0))
        case GDK_KEY_question: Shortcuts.show(over: window)
        case GDK_KEY_Escape: model.leaveReview()
        default: return false
        }
        return true
    }

    private static func judge(_ verdict: Verdict, _ review: ReviewModel) {
        Watch.noteReviewKey()
        review.judge(verdict)
    }

    /// What the window of shortcuts says.
    static var group: ShortcutsWindow.Group {
        .init(
            localized("Review"),
            [
                ("<Control>r", localized("Review masks")),
                ("a Return", localized("Keep, and show the next clip")),
                ("x", localized("Reject, and show the next clip")),
                ("u", localized("Undecided, and show the next clip")),
                ("BackSpace", localized("Take the last verdict back")),
                ("Left", localized("Previous clip")),
                ("Right", localized("Next clip without a verdict")),
                ("space", localized("Play or pause")),
                ("comma period", localized("Previous or next frame")),
                ("w", localized("Worst frame")),
                ("f", localized("Fix the masks")),
                ("1...9", localized("Label of this number")),
                ("Escape", localized("Back to the videos")),
            ]
        )
    }
}
