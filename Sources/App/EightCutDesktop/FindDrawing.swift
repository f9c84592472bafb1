import ClipFinding
import DesktopModel
import GtkKit

/// Draws the timeline of the search for clips: candidates as outlines, shots as ticks, thumbnails, the
/// curve of a signal with its limit, speech and music as bands.
final class FindDrawing {
    private let model: AppModel
    private let thumbnails = ThumbnailStrip()
    /// All but the place of the player, which moves with each frame.
    private let layer = DrawnLayer()

    private static let laneTop = TimelineRuler.height
    private static let laneHeight = 24.0
    private static let thumbnailTop = laneTop + laneHeight
    static let curveTop = thumbnailTop + ThumbnailStrip.height + 4
    static let curveHeight = 84.0
    private static let bandTop = curveTop + curveHeight + 3
    private static let bandHeight = 7.0

    init(_ model: AppModel) { self.model = model }

    private var finding: ClipFindModel { model.finding }

    /// As much as is needed, with the bands that there are.
    var height: Double {
        let count = [finding.bands.speech, finding.bands.music].count { $0 != nil }
        return Self.bandTop + Double(count) * (Self.bandHeight + 2)
    }

    /// The part that is seen, in seconds.
    var range: ClosedRange<Double> { model.timeline.visible }

    /// Reads all that the drawing depends on but the place of the player.
    func readAll() {
        _ = (finding.queue, finding.curve, finding.settings, finding.signal, finding.shots)
        _ = (finding.bands, finding.state)
        _ = (model.timeline.visible, model.timeline.filmstrip.changeCount)
        layer.invalidate()
    }

    func draw(_ canvas: Canvas, _ width: Double, scale: Int) {
        guard finding.state == .ready else { return }
        layer.draw(on: canvas, width, height, scale: scale) { drawLayer($0, width) }
        drawPlace(canvas, width, canvas.textColour)
    }

    private func drawLayer(_ canvas: Canvas, _ width: Double) {
        let text = canvas.textColour
        TimelineRuler.draw(canvas, width, range, text)
        thumbnails.draw(canvas, width, model.timeline, top: Self.thumbnailTop, text)
        drawShots(canvas, width, text)
        drawRows(canvas, width)
        drawCurve(canvas, width, text)
        drawLimit(canvas, width)
        drawBands(canvas, width)
    }

    private func x(_ time: Double, _ width: Double) -> Double {
        (time - range.lowerBound) / (range.upperBound - range.lowerBound) * width
    }

    /// Where a value of the signal is, from the top.
    func y(_ value: Double) -> Double {
        let range = finding.signal.range
        let part = (value - range.lowerBound) / (range.upperBound - range.lowerBound)
        return Self.curveTop + Self.curveHeight * (1 - min(max(0, part), 1))
    }

    /// The value of the signal at a place.
    func value(atY y: Double) -> Double {
        let range = finding.signal.range
        let part = 1 - (y - Self.curveTop) / Self.curveHeight
        return range.lowerBound + min(max(0, part), 1) * (range.upperBound - range.lowerBound)
    }

    /// The row of the list whose outline is at a place; nil where there is none.
    func row(at place: (x: Double, y: Double), _ width: Double) -> Int? {
        guard (Self.laneTop..<Self.thumbnailTop).contains(place.y) else { return nil }
        let time = range.lowerBound + place.x / width * (range.upperBound - range.lowerBound)
        return finding.queue.rows.firstIndex {
            ($0.start...$0.start + $0.candidate.duration).contains(time)
        }
    }

    // MARK: Parts

    private func drawShots(_ canvas: Canvas, _ width: Double, _ text: Colour) {
        var last = -Double.infinity
        for shot in finding.shots {
            let place = x(finding.time(ofFrame: shot.start), width).rounded() + 0.5
            guard place >= 0, place <= width, place - last >= 3 else { continue }
            last = place
            let ends = (Self.laneTop + 3, Self.curveTop + Self.curveHeight)
            canvas.line((place, ends.0), (place, ends.1), text.faded(0.35))
        }
    }

    private func drawRows(_ canvas: Canvas, _ width: Double) {
        let accent = canvas.themeColour("accent_color", else: Colour(0.2, 0.5, 0.9))
        let (top, tall) = (Self.laneTop + 4, Self.laneHeight - 8)
        for (place, row) in finding.queue.rows.enumerated() {
            let left = x(row.start, width)
            let right = x(row.start + row.candidate.duration, width)
            guard right >= 0, left <= width else { continue }
            let wide = max(3, right - left)
            let colour = Self.colour(row.verdict, canvas, accent)
            if row.verdict != nil { canvas.fill(left, top, wide, tall, colour.faded(0.35)) }
            canvas.strokeRectangle(left + 0.5, top + 0.5, wide - 1, tall - 1, colour)
            guard place == finding.queue.place else { continue }
            canvas.fill(left, top, wide, tall, colour.faded(0.3))
            let all = Self.curveTop + Self.curveHeight - top
            canvas.strokeRectangle(left + 0.5, top, wide - 1, all, colour, thickness: 2)
        }
    }

    private static func colour(
        _ verdict: FoundVerdicts.Verdict?,
        _ canvas: Canvas,
        _ accent: Colour
    ) -> Colour {
        switch verdict {
        case nil: accent
        case .keep: canvas.themeColour("success_color", else: Colour(0.15, 0.64, 0.41))
        case .reject: canvas.themeColour("error_color", else: Colour(0.75, 0.11, 0.16))
        }
    }

    private func drawCurve(_ canvas: Canvas, _ width: Double, _ text: Colour) {
        canvas.fill(0, Self.curveTop, width, Self.curveHeight, text.faded(0.06))
        guard let curve = finding.curve, width >= 1 else { return }
        let span = range.upperBound - range.lowerBound
        let rate = Double(SignalCurve.rate)
        // What is not known divides the curve into parts.
        var parts: [[(x: Double, high: Double, low: Double)]] = [[]]
        for column in stride(from: 0.0, to: width, by: 1) {
            let from = (range.lowerBound + column / width * span) * rate
            let to = (range.lowerBound + (column + 1) / width * span) * rate
            let first = max(0, Int(from))
            let last = min(curve.values.count - 1, max(first, Int(to) - 1))
            var (high, low) = (-Float.infinity, Float.infinity)
            if first <= last {
                for value in curve.values[first...last] where !value.isNaN {
                    (high, low) = (max(high, value), min(low, value))
                }
            }
            if high < low {
                if parts.last?.isEmpty == false { parts.append([]) }
            } else {
                parts[parts.count - 1].append((column, y(Double(high)), y(Double(low)) + 1.5))
            }
        }
        let colour = canvas.themeColour("accent_color", else: text).faded(0.85)
        for part in parts where part.count > 1 {
            canvas.polygon(
                part.map { ($0.x, $0.high) } + part.reversed().map { ($0.x, $0.low) },
                colour
            )
        }
    }

    /// The limit, what is beyond it, and a handle.
    private func drawLimit(_ canvas: Canvas, _ width: Double) {
        let (signal, limit) = (finding.signal, finding.limit)
        let place = y(limit)
        let colour = canvas.themeColour("error_color", else: Colour(0.75, 0.11, 0.16))
        let bottom = Self.curveTop + Self.curveHeight
        if signal.dropsAbove {
            canvas.fill(0, Self.curveTop, width, place - Self.curveTop, colour.faded(0.12))
        } else {
            canvas.fill(0, place, width, bottom - place, colour.faded(0.12))
        }
        canvas.line((0, place), (width, place), colour, thickness: 1.5)
        canvas.disc(width - 7, place, radius: 5, colour)
        let text = signal.text(limit)
        let size = canvas.size(of: text, size: 0.8)
        let above = place - size.height - 1
        let top = above < Self.curveTop ? place + 1 : above
        let left = width - size.width - 16
        // Readable over the curve.
        let behind = canvas.themeColour("window_bg_color", else: .white)
        canvas.fill(left - 3, top, size.width + 6, size.height, behind.faded(0.8))
        canvas.text(text, left, top, colour, size: 0.8)
    }

    private func drawBands(_ canvas: Canvas, _ width: Double) {
        let bands = [
            (finding.bands.speech, canvas.themeColour("warning_color", else: Colour(0.8, 0.6, 0))),
            (finding.bands.music, canvas.themeColour("purple_3", else: Colour(0.57, 0.25, 0.67))),
        ]
        let rate = Double(SignalCurve.rate)
        let rows = Int(range.lowerBound * rate)..<Int(range.upperBound * rate) + 1
        var top = Self.bandTop
        for (shares, colour) in bands {
            guard let shares else { continue }
            defer { top += Self.bandHeight + 2 }
            canvas.fill(0, top, width, Self.bandHeight, colour.faded(0.12))
            for part in SoundBands.parts(of: shares, in: rows) {
                let left = x(Double(part.lowerBound) / rate, width)
                let right = x(Double(part.upperBound) / rate, width)
                canvas.fill(left, top, max(1, right - left), Self.bandHeight, colour.faded(0.8))
            }
        }
    }

    private func drawPlace(_ canvas: Canvas, _ width: Double, _ text: Colour) {
        guard let preview = finding.preview, preview.properties != nil else { return }
        let place = x(preview.position, width).rounded() + 0.5
        canvas.line((place, 0), (place, Self.curveTop + Self.curveHeight), text)
    }
}
