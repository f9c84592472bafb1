import CGtk
import DesktopModel
import GtkKit
import Localization

/// The scores of the frames: the higher a bar, the better the mask. Low ones are red too, and reach up
/// in a paler red, so that they stand out; a triangle is above the worst.
final class ScoreStrip {
    let widget = DrawingArea(role: GTK_ACCESSIBLE_ROLE_SLIDER, name: localized("Scores"))
    private let model: AppModel

    private static let height = 54.0
    /// Above the bars, for the triangles.
    private static let top = 9.0

    init(_ model: AppModel) {
        self.model = model
        widget.sizeRequest(height: Int32(Self.height)).expanding().leftToRight()
        widget.tooltip = localized("Scores of the frames: click to show one (W: the worst)")
        widget.draw { [unowned self] canvas, width, _ in draw(canvas, width) }
        widget.addingController(
            GestureDrag { [unowned self] _, _, now, _ in show(at: now.x) }
        )
        widget.bind { [unowned self] in
            _ = (model.review.shown?.frames, model.review.deck?.frame)
            widget.queueDraw()
            widget.accessibleValue = model.review.frameText
        }
    }

    private func show(at x: Double) {
        guard let frames = model.review.shown?.frames, widget.size.width > 0 else { return }
        let part = min(max(0, x / Double(widget.size.width)), 0.9999)
        model.review.deck?.show(Int(part * Double(frames.values.count)))
    }

    private func draw(_ canvas: Canvas, _ width: Double) {
        guard let frames = model.review.shown?.frames, let deck = model.review.deck else { return }
        let text = canvas.textColour
        let count = frames.values.count
        let columns = min(count, max(1, Int(width)))
        let scores = columns == count ? frames.values : frames.lowest(of: columns)
        let (top, tall) = (Self.top, Self.height - Self.top)
        canvas.fill(0, top, width, tall, text.faded(0.06))
        for (column, score) in scores.enumerated() {
            // On whole pixels, with a gap where the bars are wide.
            let left = (Double(column) * width / Double(columns)).rounded()
            let right = (Double(column + 1) * width / Double(columns)).rounded()
            let bar = max(1, right - left - (right - left >= 4 ? 1 : 0))
            guard let score else {
                canvas.fill(left, Self.height - 3, bar, 3, text.faded(0.3))
                continue
            }
            let colour = Self.colour(score, canvas)
            if score < Level.bad { canvas.fill(left, top, bar, tall, colour.faded(0.22)) }
            let high = max(2, (score * tall).rounded())
            canvas.fill(left, Self.height - high, bar, high, colour)
        }
        func middle(_ frame: Int) -> Double {
            ((Double(frame) + 0.5) * width / Double(max(1, count))).rounded()
        }
        if scores.contains(where: { $0 != nil }) {
            let worst = middle(frames.worst)
            canvas.polygon([(worst - 6, 0), (worst + 6, 0), (worst, 8)], text)
        }
        let place = middle(deck.frame)
        canvas.line((place + 0.5, top), (place + 0.5, Self.height), text, thickness: 2)
    }

    /// Scores below which masks are bad, or doubtful.
    private enum Level {
        static let bad = 0.5
        static let doubtful = 0.75
    }

    private static func colour(_ score: Double, _ canvas: Canvas) -> Colour {
        switch score {
        case ..<Level.bad: canvas.themeColour("error_bg_color", else: Colour(0.75, 0.11, 0.16))
        case ..<Level.doubtful: canvas.themeColour("warning_bg_color", else: Colour(0.8, 0.58, 0))
        default: canvas.themeColour("success_bg_color", else: Colour(0.15, 0.64, 0.41))
        }
    }
}
