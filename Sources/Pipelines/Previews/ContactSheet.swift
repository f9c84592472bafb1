import Imaging
import Media

/// A contact sheet: which frames it shows, and where.
struct ContactSheet: Sendable {
    let cellWidth: Int
    let cellHeight: Int
    private let columns: Int
    private let frames: [Int]
    private static let gap = 6

    /// Frames spread evenly over all, the first and the last included.
    static func spread(_ cells: Int, over frameCount: Int) -> [Int] {
        let count = max(1, min(cells, frameCount))
        return (0..<count).map { $0 * max(0, frameCount - 1) / max(1, count - 1) }
    }

    /// - Parameters:
    ///   - stream: the video.
    ///   - columns: cells side by side, at most.
    ///   - frames: what the cells show, at least one.
    init(stream: VideoStream, columns: Int, frames: [Int]) {
        self.columns = min(max(1, columns), max(frames.count, 1))
        self.frames = frames
        // The shape of the display: where pixels are not square, one side is made longer.
        let aspect = stream.properties.pixelAspect.value
        let width = Double(stream.width) * max(1, aspect)
        let height = Double(stream.height) * max(1, 1 / aspect)
        // The longer side of a cell: four of them fill the width of a screen.
        let scale = min(1, 420 / max(width, height))
        cellWidth = max(1, Int((width * scale).rounded()))
        cellHeight = max(1, Int((height * scale).rounded()))
    }

    func emptyImage() -> RGBImage {
        let rows = (frames.count + columns - 1) / columns
        return RGBImage(
            width: columns * (cellWidth + Self.gap) + Self.gap,
            height: rows * (cellHeight + Self.gap) + Self.gap,
            color: (24, 24, 24)
        )
    }

    /// The cell in which a frame is shown, nil for a frame that is not.
    func cell(ofFrame frame: Int) -> Int? { frames.firstIndex(of: frame) }

    /// Draws a frame with its mask and number.
    ///
    /// - Parameters:
    ///   - frame: rgb24, of the cells' size.
    ///   - mask: of the video's size; nil for none, which makes the frame dark.
    ///   - cell: where.
    ///   - sheet: the image to draw onto.
    func draw(_ frame: VideoFrame, _ mask: GrayImage?, in cell: Int, onto sheet: inout RGBImage) {
        var image = RGBImage(frame)
        if let mask {
            let mask = mask.scaled(width: image.width, height: image.height)
            MaskOverlay().paint(mask, onto: &image)
        } else {
            MaskOverlay.darken(&image)
        }
        DigitFont.draw("\(frame.index)", onto: &image, x: 4, y: 4, scale: 2)
        place(image, in: cell, of: &sheet)
    }

    private func place(_ image: RGBImage, in cell: Int, of sheet: inout RGBImage) {
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

extension GrayImage {
    /// The image at another size, every sample the nearest one.
    func scaled(width: Int, height: Int) -> GrayImage {
        guard width != self.width || height != self.height else { return self }
        var samples = [UInt8]()
        samples.reserveCapacity(width * height)
        for y in 0..<height {
            let row = (2 * y + 1) * self.height / (2 * height) * self.width
            for x in 0..<width {
                samples.append(pixels[row + (2 * x + 1) * self.width / (2 * width)])
            }
        }
        return GrayImage(width: width, height: height, pixels: samples)
    }
}
