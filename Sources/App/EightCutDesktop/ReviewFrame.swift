import CGtk
import DesktopModel
import GtkKit
import Imaging
import Localization
import Playback

/// The clip that is reviewed, with its mask over it.
final class ReviewFrame {
    let widget = DrawingArea(role: GTK_ACCESSIBLE_ROLE_IMG, name: localized("Frame"))
    private let model: AppModel
    private var screens: [DeckScreen] = []
    /// The clip that was drawn last.
    private var drawn: Int64?

    init(_ model: AppModel) {
        self.model = model
        widget.styled("preview").expanding(vertically: true).sizeRequest(width: 200, height: 160)
            .focusable()
        widget.draw { [unowned self] canvas, _, _ in draw(canvas) }
        widget.onResize { [unowned self] _, _ in for screen in screens { screen.resize() } }
        widget.addingController(
            GestureClick { [model] _, _, _ in model.review.deck?.preview.togglePlaying() }
        )
        widget.bind { [unowned self] in
            let decks = model.review.decks
            guard screens.isEmpty, !decks.isEmpty else { return }
            screens = decks.map { DeckScreen($0, widget, model.notices) }
        }
        widget.bind { [unowned self] in
            _ = model.review.deck?.clip
            widget.queueDraw()
        }
        widget.bind { [unowned self] in
            let review = model.review
            widget.accessibleName =
                review.shown.map {
                    localized("Frame of the clip %1", model.library.name(of: $0.clip))
                } ?? localized("Frame")
            widget.accessibleDescription = review.scoreText
        }
    }

    /// Stops rendering, before the players are stopped.
    func stop() {
        for screen in screens { screen.stop() }
    }

    private func draw(_ canvas: Canvas) {
        guard let screen = screens.first(where: { $0.deck === model.review.deck }) else { return }
        if screen.draw(canvas), let clip = screen.deck.clip?.id, clip != drawn {
            drawn = clip
            Watch.noteReviewed()
        }
    }
}

/// What a deck shows.
final class DeckScreen {
    let deck: ReviewDeck
    private let area: DrawingArea
    private var renderer: FrameRenderer?
    /// The clip whose frame it has.
    private var clip: Int64?
    private var video: Surface?
    private var mask: (image: ScreenImage, surface: Surface)?

    init(_ deck: ReviewDeck, _ area: DrawingArea, _ notices: NoticeModel) {
        (self.deck, self.area) = (deck, area)
        let latest = LatestImage { [weak self] image in self?.take(image) }
        do {
            renderer = try FrameRenderer(deck.preview.player) { latest.put($0) }
        } catch { notices.fail(error) }
        area.bind { [weak self] in self?.follow() }
        area.bind { [weak self] in self?.followMask() }
    }

    func stop() {
        renderer?.stop()
        renderer = nil
    }

    /// Frames that come before a file is open may be those of the one before.
    private func take(_ image: ScreenImage) {
        guard clip != nil, deck.preview.properties != nil else { return }
        video = Surface(image)
        area.queueDraw()
    }

    private func follow() {
        let isOpen = deck.preview.properties != nil
        let now = isOpen ? deck.clip?.id : nil
        resize()
        guard now != clip else { return }
        clip = now
        video = nil
        if clip != nil { renderer?.renderAgain() }
        area.queueDraw()
    }

    private func followMask() {
        if let image = deck.overlay.image {
            if mask?.image !== image { mask = (image, Surface(image)) }
        } else {
            mask = nil
        }
        area.queueDraw()
    }

    private var frame: VideoRect? {
        guard let properties = deck.preview.properties, properties.width > 0 else { return nil }
        return VideoRect(of: (properties.width, properties.height), in: area.size, clip: nil)
    }

    func resize() {
        guard let frame else { return }
        let scale = Double(area.scale)
        renderer?.resize(
            width: max(1, Int((frame.width * scale).rounded())),
            height: max(1, Int((frame.height * scale).rounded()))
        )
    }

    /// - Returns: whether frame and mask were there to be drawn.
    func draw(_ canvas: Canvas) -> Bool {
        guard let frame, let video else { return false }
        canvas.image(video, frame.x, frame.y, frame.width, frame.height)
        guard let mask else { return !deck.overlay.style.isOn }
        canvas.image(mask.surface, frame.x, frame.y, frame.width, frame.height)
        return true
    }
}
