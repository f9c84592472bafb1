import Diagnostics
import Files
import Imaging
import Media
import Progress
import SystemPackage

/// An object that is marked on a frame: a point, a box and how sure it is.
package struct MarkedObject: Sendable {
    /// Number of the frame, from 0.
    let frame: Int
    /// Column and row in pixels of the video.
    let point: [Double]
    /// Left, top, right, bottom in pixels of the video.
    let box: [Double]
    /// 0…1.
    let score: Double

    package init(frame: Int, point: [Double], box: [Double], score: Double) {
        self.frame = frame
        self.point = point
        self.box = box
        self.score = score
    }
}

/// A contact sheet of objects, each on its frame.
package struct CandidateSheet: Sendable {
    private let input: FilePath
    private let stream: VideoStream
    private let objects: [MarkedObject]
    private let output: PreviewOutput

    private static let gap = 6
    private static let mostColumns = 3
    /// The longer side of a cell.
    private static let cellSide = 560.0

    /// - Parameters:
    ///   - objects: at least one, in the order in which they are shown.
    ///   - input: the video.
    ///   - stream: what `VideoProbe` has found in it.
    ///   - output: where it goes: a PNG file.
    package init(
        of objects: [MarkedObject],
        in input: FilePath,
        _ stream: VideoStream,
        output: PreviewOutput
    ) {
        self.objects = objects
        self.input = input
        self.stream = stream
        self.output = output
    }

    /// Writes the sheet.
    ///
    /// - Throws: `EightCutError` when the video cannot be read or the sheet cannot be written;
    ///   `CancellationError`.
    package func make() async throws {
        try await output.write { file in
            let image = try await draw()
            do {
                try PNG.encoded(image).write(to: file.descriptor)
            } catch let error as Errno {
                throw fileError("cannot write", output.path, error)
            }
        }
    }

    private func draw() async throws -> RGBImage {
        let columns = min(Self.mostColumns, objects.count)
        let rows = (objects.count + columns - 1) / columns
        let cell = cellSize
        var sheet = RGBImage(
            width: columns * (cell.width + Self.gap) + Self.gap,
            height: rows * (cell.height + Self.gap) + Self.gap,
            color: (24, 24, 24)
        )
        let last = objects.map(\.frame).max() ?? 0
        let decoder = VideoDecoder(
            path: input,
            stream: stream,
            format: .rgb24,
            size: cell,
            range: 0..<last + 1
        )
        let empty = sheet
        sheet = try await decoder.withFrames { frames in
            var sheet = empty
            while let frame = try await frames.next() {
                for (index, object) in objects.enumerated() where object.frame == frame.index {
                    var image = RGBImage(frame)
                    mark(object, on: &image)
                    sheet.paste(
                        image,
                        x: Self.gap + index % columns * (cell.width + Self.gap),
                        y: Self.gap + index / columns * (cell.height + Self.gap)
                    )
                }
            }
            return sheet
        }.result
        return sheet
    }

    /// The shape of the display: where pixels are not square, one side is made longer.
    private var cellSize: (width: Int, height: Int) {
        let aspect = stream.properties.pixelAspect.value
        let width = Double(stream.width) * max(1, aspect)
        let height = Double(stream.height) * max(1, 1 / aspect)
        let scale = min(1, Self.cellSide / max(width, height))
        return (
            max(1, Int((width * scale).rounded())), max(1, Int((height * scale).rounded()))
        )
    }

    private func mark(_ object: MarkedObject, on image: inout RGBImage) {
        let across = Double(image.width) / Double(stream.width)
        let down = Double(image.height) / Double(stream.height)
        let (left, top) = (Int(object.box[0] * across), Int(object.box[1] * down))
        let (right, bottom) = (Int(object.box[2] * across), Int(object.box[3] * down))
        image.outline(left, top, right, bottom, thickness: 2)
        let point = (object.point.map { $0 + 0.5 })
        image.spot(Int(point[0] * across), Int(point[1] * down))
        let scale = 2
        DigitFont.draw("\(object.frame)", onto: &image, x: 4, y: 4, scale: scale)
        let score = Int((object.score * 100).rounded())
        let text = "\(score / 100).\(score / 10 % 10)\(score % 10)"
        let (width, height) = (DigitFont.width(of: text) * scale, DigitFont.height * scale)
        // Below the box, or inside where it reaches the frame's edge.
        DigitFont.draw(
            text,
            onto: &image,
            x: max(0, min(left, image.width - width)),
            y: max(0, min(bottom + 2, image.height - height)),
            scale: scale
        )
    }
}

extension RGBImage {
    /// Copies an image, as far as it fits.
    fileprivate mutating func paste(_ image: RGBImage, x: Int, y: Int) {
        let columns = min(image.width, width - x)
        for row in 0..<min(image.height, height - y) {
            let source = row * image.width * 3
            let target = ((y + row) * width + x) * 3
            pixels.replaceSubrange(
                target..<target + columns * 3,
                with: image.pixels[source..<source + columns * 3]
            )
        }
    }

    /// Draws a rectangle in the colour of masks; the last column and row are outside.
    fileprivate mutating func outline(
        _ left: Int,
        _ top: Int,
        _ right: Int,
        _ bottom: Int,
        thickness: Int
    ) {
        for y in max(0, top)..<max(0, top, min(bottom, height)) {
            for x in max(0, left)..<max(0, left, min(right, width)) {
                let depth = min(x - left, right - 1 - x, y - top, bottom - 1 - y)
                if depth < thickness { set(x, y, MaskOverlay.color) }
            }
        }
    }

    /// Draws a white spot with a dark ring.
    fileprivate mutating func spot(_ x: Int, _ y: Int) {
        for row in max(0, y - 6)...max(0, min(height - 1, y + 6)) {
            for column in max(0, x - 6)...max(0, min(width - 1, x + 6)) {
                let square = (column - x) * (column - x) + (row - y) * (row - y)
                if square <= 16 {
                    set(column, row, (255, 255, 255))
                } else if square <= 36 {
                    set(column, row, (0, 0, 0))
                }
            }
        }
    }

    private mutating func set(_ x: Int, _ y: Int, _ color: (UInt8, UInt8, UInt8)) {
        let index = (y * width + x) * 3
        (pixels[index], pixels[index + 1], pixels[index + 2]) = color
    }
}
