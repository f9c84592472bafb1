import Bindings
import ClipLibrary

// How the review and the rest of the app work together.
extension AppModel {
    package enum Page: Sendable, Equatable {
        /// Videos, clips and their masks.
        case work
        case review
        /// The search for clips.
        case find
    }

    /// Shows the review.
    ///
    /// - Parameter words: which clips; nil to go on with the review that was left.
    package func startReview(_ words: [String]? = nil) {
        if !preview.isPaused { preview.togglePlaying() }
        leaveFinding()
        page = .review
        review.open(words)
        review.endFix()
    }

    /// Shows the videos again.
    package func leaveReview() {
        guard page == .review else { return }
        page = .work
        review.leave()
    }

    /// Shows the worst frame of the clip that is reviewed, to mark its object there; the review goes on
    /// when its masks are made.
    package func fixMasks() {
        guard page == .review, let shown = review.beginFix() else { return }
        leaveReview()
        setTarget(shown.clip)
        masks.form.method = .sam
        preview.show(shown.clip, at: shown.frames.worst)
    }

    /// Whether the app has left the review to fix masks, or for something else.
    package var canReturnToReview: Bool { page == .work && review.state != .closed }

    func connectReview() {
        bindings += [
            Binding { [weak self] in
                guard let self else { return }
                for deck in review.decks { deck.overlay.style = overlay.style }
            },
            Binding { [weak self] in
                guard let self else { return }
                for deck in review.decks {
                    deck.preview.volume = preview.volume
                    deck.preview.isMuted = preview.isMuted
                }
            },
        ]
    }
}
