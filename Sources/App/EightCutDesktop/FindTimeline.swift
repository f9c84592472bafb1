import CGtk
import DesktopModel
import GtkKit
import Localization

/// The timeline of the search for clips: the limit can be dragged, a click shows a clip or a frame.
final class FindTimeline {
    let widget = DrawingArea(
        role: GTK_ACCESSIBLE_ROLE_SLIDER,
        name: localized("Timeline of the Clips That Were Found")
    )
    private let model: AppModel
    private let drawing: FindDrawing
    private var pointer: Double?
    private var isMovingLimit = false

    /// So many pixels beside the line still are the line.
    private static let reach = 8.0

    init(_ model: AppModel) {
        self.model = model
        drawing = FindDrawing(model)
        widget.expanding().leftToRight().focusable()
        widget.tooltip = localized(
            "Drag the line to move the limit (Up and Down); click an outline to show the clip"
        )
        widget.draw { [unowned self] canvas, width, _ in
            drawing.draw(canvas, width, scale: widget.scale)
        }
        listen()
        widget.bind { [unowned self] in
            widget.sizeRequest(height: Int32(drawing.height))
        }
        widget.bind { [unowned self] in
            drawing.readAll()
            widget.queueDraw()
        }
        widget.bind { [unowned self] in
            _ = model.finding.preview?.position
            widget.queueDraw()
        }
        widget.bind { [unowned self] in
            widget.accessibleValue = model.finding.clipText
            widget.accessibleDescription = model.finding.limitText
        }
    }

    private func listen() {
        widget.addingController(
            GestureDrag { [unowned self] phase, start, now, _ in drag(phase, start, now) }
        )
        widget.addingController(
            EventControllerMotion { [unowned self] place in pointer = place?.x }
        )
        widget.addingController(
            EventControllerScroll { [unowned self] dx, dy, modifiers in
                let timeline = model.timeline
                if modifiers.contains(.control) {
                    let time = time(at: pointer ?? Double(widget.size.width) / 2)
                    timeline.zoom(by: dy < 0 ? 1.35 : 1 / 1.35, around: time)
                } else {
                    let seen = timeline.visible
                    timeline.pan(by: (dx + dy) * (seen.upperBound - seen.lowerBound) / 12)
                }
                return true
            }
        )
    }

    private func drag(
        _ phase: GestureDrag.Phase,
        _ start: (x: Double, y: Double),
        _ now: (x: Double, y: Double)
    ) {
        let finding = model.finding
        guard finding.state == .ready else { return }
        if phase == .begun {
            widget.focus()
            isMovingLimit = abs(start.y - drawing.y(finding.limit)) <= Self.reach
            if !isMovingLimit, let row = drawing.row(at: start, Double(max(1, widget.size.width))) {
                return finding.show(row)
            }
        }
        if isMovingLimit {
            Watch.limit(of: finding) { finding.setLimit(drawing.value(atY: now.y)) }
        } else {
            finding.preview?.scrub(to: time(at: now.x))
        }
    }

    private func time(at x: Double) -> Double {
        let range = drawing.range
        return range.lowerBound
            + x / Double(max(1, widget.size.width)) * (range.upperBound - range.lowerBound)
    }
}
