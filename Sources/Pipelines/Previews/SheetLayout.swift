import Imaging
import Media

/// Where the frames lie on a contact sheet, and which frames they are.
struct SheetLayout: Sendable {
    let cellWidth: Int
    let cellHeight: Int
    private let columns: Int
    private let frames: [Int]
    private static let gap = 6

    /// Spreads cells evenly over the frames, the first and the last included.
    init(stream: VideoStream, columns: Int, rows: Int, frameCount: Int) {
        let count = max(1, min(columns * rows, frameCount))
        self.columns = min(max(1, columns), count)
        frames = (0..<count).map { $0 * max(0, frameCount - 1) / max(1, count - 1) }
        // The longer side of a cell: four of them fill the width of a screen.
        let scale = min(1, 420 / Double(max(stream.width, stream.height)))
        cellWidth = max(1, Int((Double(stream.width) * scale).rounded()))
        cellHeight = max(1, Int((Double(stream.height) * scale).rounded()))
    }

    func emptySheet() -> RGBImage {
        let rows = (frames.count + columns - 1) / columns
        return RGBImage(
            width: columns * (cellWidth + Self.gap) + Self.gap,
            height: rows * (cellHeight + Self.gap) + Self.gap,
            color: (24, 24, 24)
        )
    }

    /// The cell in which a frame is shown, nil for a frame that is not.
    func cell(forFrame frame: Int) -> Int? { frames.firstIndex(of: frame) }

    func place(_ image: RGBImage, in cell: Int, of sheet: inout RGBImage) {
        let left = Self.gap + cell % columns * (cellWidth + Self.gap)
        let top = Self.gap + cell / columns * (cellHeight + Self.gap)
        for row in 0..<image.height {
            let source = row * image.width * 3
            let target = ((top + row) * sheet.width + left) * 3
            sheet.pixels.replaceSubrange(
                target..<target + image.width * 3,
                with: image.pixels[source..<source + image.width * 3]
            )
        }
    }
}
