import CGtk
import DesktopModel
import GtkKit
import Imaging
import Localization
import Playback

/// The picture, with the mask and the marks over it.
final class PreviewView {
    let widget = Stack()
    private let area = DrawingArea(role: GTK_ACCESSIBLE_ROLE_IMG, name: localized("Picture"))
    private let problem = StatusPage(
        icon: "dialog-error-symbolic",
        title: localized("No Picture"),
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
                "Clips of 8 seconds are cut out of them, and masks made of what sounds."
            ),
            child: open
        )
        area.styled("preview").expanding(vertically: true).sizeRequest(width: 200, height: 120)
            .focusable()
        widget.add(empty, name: "empty")
        widget.add(problem, name: "problem")
        widget.add(area, name: "picture")
        widget.expanding(vertically: true)
        area.draw { [unowned self] canvas, width, height in draw(canvas, width, height) }
        area.onResize { [unowned self] _, _ in resize() }
        startRendering()
        bind()
    }

    /// Ends rendering; before the player ends.
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

    private func bind() {
        widget.bind { [unowned self] in
            let preview = model.preview
            if let problem = Self.problem(model) {
                self.problem.text = problem
                widget.show("problem")
            } else {
                widget.show(
                    preview.subject == .nothing && model.playlist.items.isEmpty
                        ? "empty" : "picture"
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
            _ = (model.marks.marks, model.marks.selectedID, model.preview.frame, model.isMarking)
            area.queueDraw()
        }
        area.bind { [unowned self] in
            let preview = model.preview
            let name =
                preview.clip.map { localized("Picture of the clip %1", model.library.name(of: $0)) }
                ?? localized("Picture of the video")
            area.accessibleName = name
            area.accessibleDescription =
                model.isMarking
                ? localized("Click to mark the object, right-click what is not it, drag a box.")
                : ""
        }
    }

    private static func problem(_ model: AppModel) -> String? {
        if let problem = model.preview.problem { return problem }
        guard model.preview.clip == nil, case .broken(let error) = model.playlist.current?.state
        else { return nil }
        return error.why + (error.remedy.map { ". " + $0 } ?? "")
    }

    /// Where the picture lies in the area.
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
            if !isDrawn { Watch.countPicture() }
            isDrawn = true
            canvas.image(video, frame.x, frame.y, frame.width, frame.height)
        }
        if let mask {
            canvas.image(mask.surface, frame.x, frame.y, frame.width, frame.height)
        }
        if model.isMarking { marks.draw(canvas, frame) }
    }
}
