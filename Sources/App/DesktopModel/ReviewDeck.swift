import Bindings
import ClipLibrary
import Diagnostics
import Observation

/// Plays a clip with its masks. There are two: while one shows a clip, the other loads the next.
@MainActor
@Observable
package final class ReviewDeck {
    package let preview: PreviewModel
    /// A clip is seen once or twice: few of its masks are kept.
    package let overlay = OverlayModel(mostBytes: 16 << 20)
    /// What it has loaded.
    package private(set) var clip: ReviewClip?

    /// Whether it has stood at the worst frame since it was loaded.
    @ObservationIgnored var isFresh = false
    @ObservationIgnored private var loadCount = 0
    @ObservationIgnored private var following: Binding?

    init(_ preview: PreviewModel) {
        self.preview = preview
        following = Binding { [weak self] in self?.updateOverlay() }
    }

    /// The number of the frame that is shown.
    package var frame: Int { preview.frame }

    /// Loads a clip, and shows its worst frame.
    func load(_ clip: ReviewClip) {
        if self.clip?.folder != clip.folder || self.clip?.digest != clip.digest {
            overlay.forget()
            loadCount += 1
        }
        // The file at the same path may be another one.
        if preview.clip?.hash != clip.clip.hash { preview.clear() }
        self.clip = clip
        isFresh = true
        preview.show(clip.clip, at: clip.frames.worst)
    }

    /// Takes a clip that differs in what is said about it.
    func update(_ clip: ReviewClip) {
        if self.clip != clip { self.clip = clip }
    }

    func unload() {
        clip = nil
        preview.clear()
        overlay.forget()
    }

    /// Shows a frame, and stays there.
    package func show(_ frame: Int) {
        guard let clip else { return }
        preview.show(clip.clip, at: bounded(frame, 0...clip.clip.lastFrame))
    }

    func pause() {
        if !preview.isPaused { preview.togglePlaying() }
    }

    private func updateOverlay() {
        guard let clip else { return }
        overlay.show(
            folder: clip.folder,
            number: loadCount,
            frame: preview.frame,
            isInverted: clip.isInverted
        )
    }
}
