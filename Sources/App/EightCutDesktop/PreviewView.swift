import CGtk
import DesktopModel
import Dispatch
import GtkKit
import Imaging
import Localization
import Playback
import Synchronization

/// The video, with the mask and the marks over it.
final class PreviewView {
    let widget = Stack()
    private let area = DrawingArea(role: GTK_ACCESSIBLE_ROLE_IMG, name: localized("Frame"))
    private let problem = StatusPage(
        icon: "dialog-error-symbolic",
        title: localized("No Video"),
        text: ""
    )
    private let model: AppModel
    private let marks: MarksEditor
    private var renderer: FrameRenderer?
    private var video: Surface?
    private var isDrawn = false
    private var mask: (image: ScreenImage, surface: Surface)?

    init(_ model: AppModel, _ window: Window) {
        self.model = model
        marks = MarksEditor(model, area)
        let open = Button(localized("Open Videos…")) {
            window.activate("win.open")
        }.styled("suggested-action", "pill").halign(GTK_ALIGN_CENTER)
        let empty = StatusPage(
            icon: "folder-videos-symbolic",
            title: localized("Drop Videos Here"),
            text: localized(
                "8-cut cuts 8-second clips from them and makes masks of the sounding object."
            ),
            child: open
        )
        area.styled("preview").expanding(vertically: true).sizeRequest(width: 200, height: 120)
            .focusable()
        widget.add(empty, name: "empty")
        widget.add(problem, name: "problem")
        widget.add(area, name: "frame")
        widget.expanding(vertically: true)
        area.draw { [unowned self] canvas, width, height in draw(canvas, width, height) }
        area.onResize { [unowned self] _, _ in resize() }
        startRendering()
        bind(window)
    }

    /// Stops rendering, before the player is stopped.
    func stop() {
        renderer?.stop()
        renderer = nil
    }

    private func startRendering() {
        let latest = LatestImage { [weak self] image in
            self?.video = Surface(image)
            self?.isDrawn = false
            self?.area.queueDraw()
        }
        do {
            renderer = try FrameRenderer(model.preview.player) { latest.put($0) }
        } catch { model.notices.fail(error) }
    }

    private func bind(_ window: Window) {
        widget.bind { [unowned self] in
            let preview = model.preview
            if let problem = Self.problem(model) {
                self.problem.text = problem
                widget.show("problem")
            } else {
                widget.show(
                    preview.subject == .nothing && model.playlist.items.isEmpty
                        ? "empty" : "frame"
                )
            }
            if preview.subject == .nothing { video = nil }
            area.queueDraw()
        }
        area.bind { [unowned self] in
            _ = model.preview.properties
            resize()
        }
        area.bind { [unowned self] in
            if let image = model.overlay.image {
                if mask?.image !== image { mask = (image, Surface(image)) }
            } else {
                mask = nil
            }
            _ = (model.marks.shown, model.marks.selectedID, model.preview.frame, model.isMarking)
            area.queueDraw()
        }
        area.bind { [unowned self] in
            let preview = model.preview
            let name =
                preview.clip.map { localized("Frame of the clip %1", model.library.name(of: $0)) }
                ?? localized("Frame of the video")
            area.accessibleName = name
            area.accessibleDescription =
                model.proposalText
                ?? (model.isMarking
                    ? localized(
                        "Click the object to mark it, right-click what does not belong to it, or drag a box."
                    )
                    : "")
        }
        var wasProposed = false
        area.bind { [unowned self] in
            let isProposed = model.isMarking && model.marks.proposal != nil
            defer { wasProposed = isProposed }
            // Enter then takes the proposal, whatever had the focus, but for what is typed.
            guard isProposed, !wasProposed, !window.isTyping, !window.isInPopover else { return }
            area.focus()
        }
    }

    private static func problem(_ model: AppModel) -> String? {
        if let problem = model.preview.problem { return problem }
        guard model.preview.clip == nil, case .broken(let error) = model.playlist.current?.state
        else { return nil }
        return error.localizedWhy + (error.localizedRemedy.map { ". " + $0 } ?? "")
    }

    /// Where the frame is in the area.
    private func frame() -> VideoRect? {
        guard let properties = model.preview.properties, properties.width > 0 else { return nil }
        return VideoRect(
            of: (properties.width, properties.height),
            in: area.size,
            clip: model.preview.clip.map { ($0.width, $0.height) }
        )
    }

    private func resize() {
        let frame = frame()
        marks.frame = frame
        guard let frame else { return }
        let scale = Double(area.scale)
        renderer?.resize(
            width: max(1, Int((frame.width * scale).rounded())),
            height: max(1, Int((frame.height * scale).rounded()))
        )
        area.queueDraw()
    }

    private func draw(_ canvas: Canvas, _ width: Double, _ height: Double) {
        guard let frame = frame() else { return }
        if let video {
            if !isDrawn { Watch.countFrame() }
            isDrawn = true
            canvas.image(video, frame.x, frame.y, frame.width, frame.height)
        }
        if let mask {
            canvas.image(mask.surface, frame.x, frame.y, frame.width, frame.height)
        }
        if model.isMarking { marks.draw(canvas, frame) }
    }
}

/// Where a frame is in the space that it has: centred, as large as it fits.
struct VideoRect {
    /// The left edge.
    let x: Double
    /// The upper edge.
    let y: Double
    /// Its size in the window's pixels.
    let width: Double
    let height: Double
    /// The size of the clip, in whose pixels marks are.
    private let clip: (width: Int, height: Int)?

    /// - Parameters:
    ///   - size: of the frame, with square pixels.
    ///   - space: of the window.
    ///   - clip: the stored size, if it is a clip.
    init(
        of size: (width: Int, height: Int),
        in space: (width: Int, height: Int),
        clip: (width: Int, height: Int)?
    ) {
        let scale = min(
            Double(space.width) / Double(max(1, size.width)),
            Double(space.height) / Double(max(1, size.height))
        )
        width = max(1, (Double(size.width) * scale).rounded())
        height = max(1, (Double(size.height) * scale).rounded())
        x = ((Double(space.width) - width) / 2).rounded()
        y = ((Double(space.height) - height) / 2).rounded()
        self.clip = clip
    }

    /// A place of the window in pixels of the clip; nil outside.
    func pixel(_ place: (x: Double, y: Double)) -> (x: Double, y: Double)? {
        guard let clip else { return nil }
        let (across, down) = ((place.x - x) / width, (place.y - y) / height)
        guard (0..<1).contains(across), (0..<1).contains(down) else { return nil }
        return (across * Double(clip.width), down * Double(clip.height))
    }

    /// The pixel nearest to a place.
    func nearestPixel(_ place: (x: Double, y: Double)) -> (x: Double, y: Double)? {
        pixel(
            (
                min(max(place.x, x), x + width - 0.01), min(max(place.y, y), y + height - 0.01)
            )
        )
    }

    /// A place of the clip in the window.
    func place(_ pixel: (x: Double, y: Double)) -> (x: Double, y: Double) {
        guard let clip else { return pixel }
        return (
            x + pixel.x / Double(clip.width) * width, y + pixel.y / Double(clip.height) * height
        )
    }

    /// Pixels of the clip that a pixel of the window covers.
    var clipPixelsPerPixel: Double { clip.map { Double($0.width) / width } ?? 1 }
}

/// Passes frames from the thread that renders them to the main thread, and drops all but the latest
/// of those that come too fast.
nonisolated final class LatestImage: Sendable {
    private let waiting = Mutex<ScreenImage?>(nil)
    private let take: @MainActor @Sendable (ScreenImage) -> Void

    init(_ take: @escaping @MainActor @Sendable (ScreenImage) -> Void) { self.take = take }

    /// Called on any thread.
    func put(_ image: ScreenImage) {
        let isFirst = waiting.withLock { waiting in
            defer { waiting = image }
            return waiting == nil
        }
        guard isFirst else { return }
        DispatchQueue.main.async { [self] in
            let image = waiting.withLock { waiting in
                defer { waiting = nil }
                return waiting
            }
            MainActor.assumeIsolated { if let image { take(image) } }
        }
    }
}
