import CGtk
import DesktopModel
import GtkKit
import Imaging
import Localization
import Playback

/// The video while clips are searched: the one that is shown plays in a loop.
final class FindFrame {
    let widget = DrawingArea(role: GTK_ACCESSIBLE_ROLE_IMG, name: localized("Frame"))
    private let model: AppModel
    private var renderer: FrameRenderer?
    private var video: Surface?

    init(_ model: AppModel) {
        self.model = model
        widget.styled("preview").expanding(vertically: true).sizeRequest(width: 200, height: 140)
            .focusable()
        widget.draw { [unowned self] canvas, _, _ in draw(canvas) }
        widget.onResize { [unowned self] _, _ in resize() }
        widget.addingController(
            GestureClick { [model] _, _, _ in model.finding.preview?.togglePlaying() }
        )
        widget.bind { [unowned self] in startRendering() }
        widget.bind { [unowned self] in
            if model.finding.preview?.properties == nil { video = nil }
            resize()
            widget.queueDraw()
        }
        widget.bind { [unowned self] in
            widget.accessibleDescription = model.finding.clipText
        }
    }

    /// Stops rendering, before the player is stopped.
    func stop() {
        renderer?.stop()
        renderer = nil
    }

    private func startRendering() {
        guard renderer == nil, let preview = model.finding.preview else { return }
        let latest = LatestImage { [weak self] image in
            // Frames that come before a file is open may be those of the one before.
            guard let self, model.finding.preview?.properties != nil else { return }
            video = Surface(image)
            widget.queueDraw()
        }
        do {
            renderer = try FrameRenderer(preview.player) { latest.put($0) }
        } catch { model.notices.fail(error) }
    }

    private var frame: VideoRect? {
        guard let properties = model.finding.preview?.properties, properties.width > 0 else {
            return nil
        }
        return VideoRect(of: (properties.width, properties.height), in: widget.size, clip: nil)
    }

    private func resize() {
        guard let frame else { return }
        let scale = Double(widget.scale)
        renderer?.resize(
            width: max(1, Int((frame.width * scale).rounded())),
            height: max(1, Int((frame.height * scale).rounded()))
        )
    }

    private func draw(_ canvas: Canvas) {
        guard let frame, let video else { return }
        canvas.image(video, frame.x, frame.y, frame.width, frame.height)
    }
}
