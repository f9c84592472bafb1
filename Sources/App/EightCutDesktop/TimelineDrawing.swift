import DesktopModel
import GtkKit
import Media

/// Draws the timeline.
final class TimelineDrawing {
    private let model: AppModel
    private let thumbnails = ThumbnailStrip()

    static let rulerHeight = TimelineRuler.height
    private static let laneHeight = 18.0
    private static let thumbnailHeight = ThumbnailStrip.height
    private static let waveHeight = 30.0
    static let height = rulerHeight + laneHeight + thumbnailHeight + waveHeight

    init(_ model: AppModel) { self.model = model }

    /// The part that is seen, in seconds.
    var range: ClosedRange<Double> { model.shownTimeline.visible }

    /// Reads all that the drawing depends on.
    func readAll() {
        let preview = model.preview
        _ = (preview.position, preview.cursor, preview.spanLength, preview.duration, preview.clip)
        _ = (
            model.shownTimeline.visible, model.shownTimeline.filmstrip.changeCount,
            model.shownTimeline.peaks
        )
        _ = (model.library.clips, model.marks.shown, preview.spanFits, preview.properties)
    }

    func draw(_ canvas: Canvas, _ width: Double) {
        guard model.preview.properties != nil else { return }
        let text = canvas.textColour
        TimelineRuler.draw(canvas, width, range, text)
        let top = Self.rulerHeight + Self.laneHeight
        thumbnails.draw(canvas, width, model.shownTimeline, top: top, text)
        drawWave(canvas, width, text)
        if model.preview.clip == nil {
            drawClips(canvas, width)
            drawSpan(canvas, width)
        } else {
            drawMarks(canvas, width)
        }
        drawPlace(canvas, width, text)
    }

    private func x(_ time: Double, _ width: Double) -> Double {
        (time - range.lowerBound) / (range.upperBound - range.lowerBound) * width
    }

    private func drawClips(_ canvas: Canvas, _ width: Double) {
        let colour = Colour(0.9, 0.65, 0.05, 0.35)
        for clip in model.library.clips {
            let (start, end) = (clip.startSeconds, clip.startSeconds + clip.shownDuration)
            guard start <= range.upperBound, end >= range.lowerBound else { continue }
            let (left, right) = (x(start, width), x(min(end, range.upperBound + 1), width))
            canvas.fill(
                left,
                Self.rulerHeight + 2,
                max(2, right - left),
                Self.laneHeight - 5,
                colour
            )
        }
    }

    private func drawWave(_ canvas: Canvas, _ width: Double, _ text: Colour) {
        let top = Self.rulerHeight + Self.laneHeight + Self.thumbnailHeight
        let middle = top + Self.waveHeight / 2
        canvas.line((0, middle), (width, middle), text.faded(0.25))
        guard let peaks = model.shownTimeline.peaks, !peaks.values.isEmpty else { return }
        let span = range.upperBound - range.lowerBound
        var corners: [(x: Double, y: Double)] = []
        var below: [(x: Double, y: Double)] = []
        for column in stride(from: 0.0, to: width, by: 1) {
            let from = (range.lowerBound + column / width * span) / peaks.step
            let to = (range.lowerBound + (column + 1) / width * span) / peaks.step
            let first = Int(from)
            guard first < peaks.values.count, first >= 0 else { continue }
            let last = min(peaks.values.count - 1, max(first, Int(to) - 1))
            let peak = Double(peaks.values[first...last].max() ?? 0) / 255
            let reach = max(0.5, peak * (Self.waveHeight / 2 - 1))
            corners.append((column, middle - reach))
            below.append((column, middle + reach))
        }
        guard corners.count > 1 else { return }
        canvas.polygon(
            corners + below.reversed(),
            canvas.themeColour("accent_color", else: text).faded(0.8)
        )
    }

    private func drawSpan(_ canvas: Canvas, _ width: Double) {
        let preview = model.preview
        let (left, right) = (
            x(preview.cursor, width), x(preview.cursor + preview.spanLength, width)
        )
        let colour =
            preview.spanFits
            ? canvas.themeColour("accent_bg_color", else: Colour(0.2, 0.5, 0.9))
            : canvas.themeColour("error_bg_color", else: Colour(0.8, 0.1, 0.1))
        let top = Self.rulerHeight
        canvas.fill(left, top, max(2, right - left), Self.height - top, colour.faded(0.28))
        canvas.strokeRectangle(
            left + 0.5,
            top + 0.5,
            max(2, right - left) - 1,
            Self.height - top - 1,
            colour,
            thickness: 1.5
        )
    }

    private func drawMarks(_ canvas: Canvas, _ width: Double) {
        let rate = max(1, model.preview.frameRate)
        for frame in Set(model.marks.shown.map(\.frame)) {
            let place = x(Double(frame) / rate, width)
            canvas.disc(
                max(5, place),
                Self.rulerHeight + Self.laneHeight / 2,
                radius: 5,
                canvas.themeColour("success_color", else: Colour(0.1, 0.7, 0.3))
            )
        }
    }

    private func drawPlace(_ canvas: Canvas, _ width: Double, _ text: Colour) {
        let preview = model.preview
        let place = x(preview.position, width).rounded() + 0.5
        canvas.line((place, 0), (place, Self.height), text, thickness: 1)
        let cursor = preview.clip == nil ? x(preview.cursor, width) : place
        canvas.polygon(
            [(cursor - 6, 0), (cursor + 6, 0), (cursor, 10)],
            canvas.themeColour("accent_color", else: text)
        )
    }
}
