import DesktopModel
import GtkKit

/// Draws what was found on a frame: thin boxes with their numbers and scores.
enum ProposalOutlines {
    private static let textSize = 0.85
    private static let shade = Colour.black.faded(0.65)

    static func draw(
        _ outlines: [Proposal.Outline],
        _ colour: Colour,
        _ canvas: Canvas,
        _ frame: VideoRect
    ) {
        for outline in outlines {
            let corner: (x: Double, y: Double)
            switch outline.kind {
            case .point(let x, let y, _): corner = frame.place((x, y))
            case .box(let left, let top, let right, let bottom):
                corner = frame.place((left, top))
                let other = frame.place((right, bottom))
                let (width, height) = (other.x - corner.x, other.y - corner.y)
                canvas.strokeRectangle(corner.x, corner.y, width, height, shade, thickness: 3)
                canvas.strokeRectangle(corner.x, corner.y, width, height, colour)
            }
            let text = "\(outline.number): \(outline.score)"
            let size = canvas.size(of: text, size: textSize)
            // Over the box, or inside of it at the upper edge of the frame.
            let above = corner.y - size.height
            let y = above < frame.y ? corner.y : above
            canvas.fill(corner.x, y, size.width + 8, size.height, shade)
            canvas.fill(corner.x, y, 2, size.height, colour)
            canvas.text(text, corner.x + 5, y, .white, size: textSize)
        }
    }
}
