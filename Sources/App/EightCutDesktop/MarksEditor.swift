import DesktopModel
import GtkKit
import Localization

/// Draws the marks on the frame, and lets the pointer add, move and remove them.
final class MarksEditor {
    /// Where the frame is in the area.
    var frame: VideoRect?
    private let model: AppModel
    private let area: DrawingArea
    /// The mark that is being dragged, as it was before.
    private var dragged: Mark?
    /// A box that is being drawn.
    private var box: (from: (x: Double, y: Double), to: (x: Double, y: Double))?

    /// A shorter drag is a click.
    private static let clickDistance = 5.0
    /// How close the pointer must be to a mark to drag it.
    private static let reach = 11.0

    init(_ model: AppModel, _ area: DrawingArea) {
        self.model = model
        self.area = area
        area.addingController(
            GestureDrag { [unowned self] phase, start, now, modifiers in
                area.focus()
                drag(phase, start, now, modifiers)
            }
        )
        area.addingController(
            GestureClick(button: 3) { [unowned self] x, y, _ in rightClick((x, y)) }
        )
    }

    private func drag(
        _ phase: GestureDrag.Phase,
        _ start: (x: Double, y: Double),
        _ now: (x: Double, y: Double),
        _ modifiers: Modifiers
    ) {
        guard model.isMarking, let frame else {
            if phase == .ended, isClick(start, now) { model.preview.togglePlaying() }
            return
        }
        switch phase {
        case .begun:
            if !model.preview.isPaused { model.preview.togglePlaying() }
            dragged = mark(at: start)
            model.marks.selectedID = dragged?.id
        case .moved:
            if let dragged {
                move(dragged, start, now, frame)
            } else if !isClick(start, now) {
                box = (start, now)
                area.queueDraw()
            }
        case .ended:
            if let dragged {
                move(dragged, start, now, frame)
                model.marks.drop(dragged)
            } else if isClick(start, now) {
                addPoint(start, isPositive: !modifiers.contains(.shift))
            } else {
                addBox(start, now, frame)
            }
            (dragged, box) = (nil, nil)
            area.queueDraw()
        }
    }

    private func isClick(_ start: (x: Double, y: Double), _ now: (x: Double, y: Double)) -> Bool {
        abs(now.x - start.x) < Self.clickDistance && abs(now.y - start.y) < Self.clickDistance
    }

    private func move(
        _ mark: Mark,
        _ start: (x: Double, y: Double),
        _ now: (x: Double, y: Double),
        _ frame: VideoRect
    ) {
        let scale = frame.clipPixelsPerPixel
        var offset = ((now.x - start.x) * scale, (now.y - start.y) * scale)
        if isClick(start, now) { offset = (0, 0) }
        // From the original position, so that rounding errors do not add up.
        model.marks.drag(mark, by: offset)
    }

    private func addPoint(_ place: (x: Double, y: Double), isPositive: Bool) {
        guard let pixel = frame?.pixel(place) else { return }
        model.marks.add(
            .point(x: rounded(pixel.x), y: rounded(pixel.y), isPositive: isPositive),
            on: model.preview.frame
        )
    }

    private func addBox(
        _ start: (x: Double, y: Double),
        _ now: (x: Double, y: Double),
        _ frame: VideoRect
    ) {
        guard let one = frame.nearestPixel(start), let other = frame.nearestPixel(now) else {
            return
        }
        let (left, right) = (rounded(min(one.x, other.x)), rounded(max(one.x, other.x)))
        let (top, bottom) = (rounded(min(one.y, other.y)), rounded(max(one.y, other.y)))
        guard right - left >= 1, bottom - top >= 1 else { return }
        model.marks.add(
            .box(left: left, top: top, right: right, bottom: bottom),
            on: model.preview.frame
        )
    }

    private func rightClick(_ place: (x: Double, y: Double)) {
        guard model.isMarking else { return }
        guard let mark = mark(at: place) else {
            if !model.preview.isPaused { model.preview.togglePlaying() }
            return addPoint(place, isPositive: false)
        }
        model.marks.selectedID = mark.id
        Menu().item(localized("Remove the Mark"), "win.remove-mark('\(mark.id)')")
            .open(at: area, place)
    }

    /// To a tenth of a pixel, as `Mark` does.
    private func rounded(_ value: Double) -> Double { (value * 10).rounded() / 10 }

    private func mark(at place: (x: Double, y: Double)) -> Mark? {
        guard let frame else { return nil }
        return model.marks.shown(on: model.preview.frame).last { mark in
            switch mark.kind {
            case .point(let x, let y, _):
                let there = frame.place((x, y))
                return abs(there.x - place.x) <= Self.reach && abs(there.y - place.y) <= Self.reach
            case .box(let left, let top, let right, let bottom):
                let (one, other) = (frame.place((left, top)), frame.place((right, bottom)))
                let isNear =
                    (one.x - Self.reach...other.x + Self.reach).contains(place.x)
                    && (one.y - Self.reach...other.y + Self.reach).contains(place.y)
                // Only the edge of a box can be dragged, so that points can be set inside.
                let isInside =
                    place.x > one.x + Self.reach && place.x < other.x - Self.reach
                    && place.y > one.y + Self.reach && place.y < other.y - Self.reach
                return isNear && !isInside
            }
        }
    }

    // MARK: Drawing

    private static let positive = Colour(0.15, 0.85, 0.4)
    private static let negative = Colour(0.95, 0.25, 0.25)
    private static let proposed = Colour(0.25, 0.6, 1)
    /// Of a proposal that is probably not right.
    private static let uncertain = Colour(1, 0.7, 0.1)

    /// Draws the marks of the frame that is shown.
    func draw(_ canvas: Canvas, _ frame: VideoRect) {
        if let proposal = model.marks.proposal {
            ProposalOutlines.draw(
                proposal.outlines(on: model.preview.frame),
                colour(of: proposal),
                canvas,
                frame
            )
        }
        for mark in model.marks.shown(on: model.preview.frame) {
            draw(mark, colour(of: mark), mark.id == model.marks.selectedID, canvas, frame)
        }
        guard let box else { return }
        canvas.strokeRectangle(
            min(box.from.x, box.to.x),
            min(box.from.y, box.to.y),
            abs(box.to.x - box.from.x),
            abs(box.to.y - box.from.y),
            Self.positive,
            thickness: 2
        )
    }

    private func colour(of mark: Mark) -> Colour {
        if let proposal = model.marks.proposal, model.marks.isProposed(mark) {
            return colour(of: proposal)
        }
        if case .point(_, _, false) = mark.kind { return Self.negative }
        return Self.positive
    }

    private func colour(of proposal: Proposal) -> Colour {
        proposal.isUncertain ? Self.uncertain : Self.proposed
    }

    private func draw(
        _ mark: Mark,
        _ colour: Colour,
        _ isSelected: Bool,
        _ canvas: Canvas,
        _ frame: VideoRect
    ) {
        switch mark.kind {
        case .point(let x, let y, let isPositive):
            let (x, y) = frame.place((x, y))
            if isSelected { canvas.circle(x, y, radius: 11, .white, thickness: 2) }
            canvas.disc(x, y, radius: 8, .black)
            canvas.disc(x, y, radius: 7, colour)
            canvas.line((x - 4, y), (x + 4, y), .white, thickness: 2)
            if isPositive { canvas.line((x, y - 4), (x, y + 4), .white, thickness: 2) }
        case .box(let left, let top, let right, let bottom):
            let (one, other) = (frame.place((left, top)), frame.place((right, bottom)))
            let (width, height) = (other.x - one.x, other.y - one.y)
            canvas.strokeRectangle(one.x, one.y, width, height, .black, thickness: 4)
            canvas.strokeRectangle(
                one.x,
                one.y,
                width,
                height,
                isSelected ? .white : colour,
                thickness: 2,
                // The colours alone would not tell a proposal from a mark.
                dash: model.marks.isProposed(mark) ? 8 : nil
            )
        }
    }
}
