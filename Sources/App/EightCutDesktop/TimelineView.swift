import CGtk
import ClipLibrary
import DesktopModel
import Diagnostics
import GtkKit
import Localization

/// The timeline: ruler, markers of clips, thumbnails, waveform, and the span of the next clip.
final class TimelineView {
    let widget: Overlay
    private let area = DrawingArea(
        role: GTK_ACCESSIBLE_ROLE_SLIDER,
        name: localized("Timeline")
    )
    private let model: AppModel
    private let drawing: TimelineDrawing
    private var markers: [(clip: LibraryClip, button: Button)] = []
    private var pointer: Double?

    /// More markers than this are only drawn: they are too close to be clicked.
    private static let mostMarkers = 150

    init(_ model: AppModel) {
        self.model = model
        drawing = TimelineDrawing(model)
        area.sizeRequest(height: Int32(TimelineDrawing.height)).expanding().leftToRight()
            .focusable()
        widget = Overlay(area)
        widget.leftToRight()
        area.draw { [unowned self] canvas, width, _ in drawing.draw(canvas, width) }
        listen()
        bind()
    }

    private func listen() {
        area.addingController(
            GestureDrag { [unowned self] phase, _, now, _ in
                if phase == .begun { area.focus() }
                model.preview.scrub(to: time(at: now.x))
            }
        )
        area.addingController(EventControllerMotion { [unowned self] place in pointer = place?.x })
        area.addingController(
            EventControllerScroll { [unowned self] dx, dy, modifiers in
                let timeline = model.shownTimeline
                if modifiers.contains(.control) {
                    let time = time(at: pointer ?? Double(area.size.width) / 2)
                    timeline.zoom(by: dy < 0 ? 1.35 : 1 / 1.35, around: time)
                } else {
                    let seen = timeline.visible
                    timeline.pan(by: (dx + dy) * (seen.upperBound - seen.lowerBound) / 12)
                }
                return true
            }
        )
        area.onResize { [unowned self] _, _ in placeMarkers() }
    }

    private func bind() {
        area.bind { [unowned self] in
            drawing.readAll()
            area.queueDraw()
        }
        area.bind { [unowned self] in
            let preview = model.preview
            area.accessibleValue = localized(
                "%1 of %2",
                TimeText.exact(preview.cursor),
                TimeText.exact(preview.duration)
            )
        }
        widget.bind { [unowned self] in
            _ = (model.library.clips, model.library.masks, model.shownTimeline.visible)
            _ = (model.masks.target, model.preview.clip)
            placeMarkers()
        }
    }

    private func time(at x: Double) -> Double {
        drawing.range.lowerBound
            + x / Double(max(1, area.size.width))
            * (drawing.range.upperBound - drawing.range.lowerBound)
    }

    // MARK: Markers

    private func placeMarkers() {
        let width = Double(area.size.width)
        let seen = drawing.range
        var clips: [LibraryClip] = []
        if model.preview.clip == nil, model.preview.properties != nil, width > 0 {
            clips = Array(
                model.library.clips.filter { seen.contains($0.startSeconds) }
                    .prefix(Self.mostMarkers)
            )
        }
        if clips != markers.map(\.clip) { makeMarkers(clips) }
        for (clip, button) in markers {
            let part =
                (clip.startSeconds - seen.lowerBound) / (seen.upperBound - seen.lowerBound)
            gtk_widget_set_margin_start(button.widget, Int32(bounded(part * width - 6, 0...30_000)))
            button.setStyle("masked", model.library.masks[clip.id]?.isEmpty == false)
            button.setStyle("selected", clip.id == model.masks.target?.id)
        }
    }

    private func makeMarkers(_ clips: [LibraryClip]) {
        for (_, button) in markers { widget.remove(button) }
        markers = clips.map { clip in
            let name = model.library.name(of: clip)
            let start = TimeText.exact(clip.startSeconds)
            let button = Button("") { [model] in model.select(clip) }
            button.styled("marker").leftToRight().halign(GTK_ALIGN_START)
                .valign(GTK_ALIGN_START)
            button.named(
                localized("Clip %1 at %2", name, start),
                tooltip: [name, start, clip.label.map { displayed($0) }].compactMap(\.self).joined(
                    separator: "\n"
                )
            )
            gtk_widget_set_margin_top(button.widget, Int32(TimelineDrawing.rulerHeight - 1))
            button.addingController(
                GestureClick(button: 3) { [unowned self, unowned button] _, _, _ in
                    openMenu(for: clip, at: button)
                }
            )
            button.addingController(
                EventControllerKey { [unowned self, unowned button] key, modifiers in
                    guard
                        key == UInt32(GDK_KEY_Menu)
                            || key == UInt32(GDK_KEY_F10) && modifiers.contains(.shift)
                    else { return false }
                    openMenu(for: clip, at: button)
                    return true
                }
            )
            widget.covered(by: button)
            return (clip, button)
        }
    }

    /// The menu belongs to the area: markers may go while it is open.
    private func openMenu(for clip: LibraryClip, at button: Button) {
        let x = Double(gtk_widget_get_margin_start(button.widget)) + 6
        MarkerActions.menu(for: clip).open(at: area, (x, TimelineDrawing.rulerHeight + 16))
    }
}
