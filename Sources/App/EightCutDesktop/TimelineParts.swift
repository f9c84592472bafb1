import DesktopModel
import GtkKit
import Imaging

/// The times above a timeline.
enum TimelineRuler {
    static let height = 20.0

    /// Steps in seconds.
    private static let steps: [Double] = [
        0.04, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600, 7200, 21600,
    ]

    /// Draws the times of a range.
    static func draw(
        _ canvas: Canvas,
        _ width: Double,
        _ range: ClosedRange<Double>,
        _ text: Colour
    ) {
        let span = range.upperBound - range.lowerBound
        let step =
            steps.first { $0 / span * width >= 76 }
            ?? 43200 * max(1, (76 * span / max(1, width) / 43200).rounded(.up))
        var number = Int((range.lowerBound / step).rounded(.down))
        while Double(number) * step <= range.upperBound {
            let time = Double(number) * step
            number += 1
            let place = ((time - range.lowerBound) / span * width).rounded() + 0.5
            guard place >= -80 else { continue }
            canvas.line((place, 12), (place, height), text.faded(0.5))
            let label = step < 1 ? TimeText.exact(time) : TimeText.whole(time)
            canvas.text(label, place + 3, 2, text.faded(0.8), size: 0.8)
        }
    }
}

/// The thumbnails of a timeline.
final class ThumbnailStrip {
    static let height = Double(Filmstrip.height)

    private var surfaces: [ObjectIdentifier: Surface] = [:]

    /// Draws those of the part that is visible.
    func draw(
        _ canvas: Canvas,
        _ width: Double,
        _ timeline: TimelineModel,
        top: Double,
        _ text: Colour
    ) {
        let range = timeline.visible
        let span = range.upperBound - range.lowerBound
        func x(_ time: Double) -> Double { (time - range.lowerBound) / span * width }
        canvas.fill(0, top, width, Self.height, text.faded(0.08))
        var used: [ObjectIdentifier: Surface] = [:]
        for cell in timeline.cells(width: width) {
            guard let image = cell.image else { continue }
            let key = ObjectIdentifier(image)
            let surface = surfaces[key] ?? Surface(image)
            used[key] = surface
            // On whole pixels, or the background would shine through between two cells.
            let left = x(cell.range.lowerBound).rounded()
            let right = min(x(cell.range.upperBound).rounded(), width)
            canvas.clipped(left, top, right - left, Self.height) {
                canvas.image(surface, left, top, Double(image.width), Self.height)
            }
        }
        surfaces = used
    }
}
