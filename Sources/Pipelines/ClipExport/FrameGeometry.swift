import Diagnostics
import Media

/// How a frame is cropped and scaled. All sizes are in stored pixels.
struct FrameGeometry: Sendable, Equatable {
    /// A rectangle of a frame.
    struct Part: Sendable, Equatable {
        let width: Int
        let height: Int
        let x: Int
        let y: Int
    }

    /// Columns and rows of the source, upright.
    let source: (width: Int, height: Int)
    /// The part of the source that is taken.
    let crop: Part
    /// What that part is scaled to.
    let scaled: (width: Int, height: Int)
    /// The part of that which is the result.
    let result: Part
    /// Whether the result has square pixels, whatever the source has.
    let hasSquarePixels: Bool

    static func == (left: Self, right: Self) -> Bool {
        left.source == right.source && left.crop == right.crop && left.scaled == right.scaled
            && left.result == right.result && left.hasSquarePixels == right.hasSquarePixels
    }

    /// - Throws: `EightCutError` when nothing would be left.
    init(_ source: MediaSource, _ settings: CutSettings) throws {
        let (width, height) = (source.video.width, source.video.height)
        self.source = (width, height)
        var cropped = (width: width, height: height)
        if let crop = settings.bucket?.shape ?? settings.crop {
            // The ratio is that of the display, so it includes the pixel aspect ratio.
            let ratio = crop.value / source.pixelAspect.value
            cropped.width = min(width, Int((Double(height) * ratio).rounded()))
            cropped.height = min(height, Int((Double(width) / ratio).rounded()))
        }
        let place = { (all: Int, part: Int) in
            // With chroma subsampling, odd positions do not exist.
            Int((Double(all - part) * settings.cropCenter).rounded()) & ~1
        }
        crop = Part(
            width: cropped.width,
            height: cropped.height,
            x: place(width, cropped.width),
            y: place(height, cropped.height)
        )
        scaled =
            settings.bucket.map { ($0.width, $0.height) }
            ?? Self.scaled(cropped, to: settings.shortSide)
        hasSquarePixels = settings.bucket != nil
        let multiple = settings.sideMultiple
        let size = (
            width: scaled.width / multiple * multiple, height: scaled.height / multiple * multiple
        )
        guard size.width >= 2, size.height >= 2, cropped.width > 0, cropped.height > 0 else {
            throw EightCutError(
                .usage,
                "cannot cut",
                on: source.path.string,
                because: "nothing would be left of \(width)x\(height) pixels "
                    + "(both sides must be multiples of \(multiple))",
                remedy: "Choose a larger short side or another crop."
            )
        }
        result = Part(
            width: size.width,
            height: size.height,
            x: multiple == 2 ? 0 : (scaled.width - size.width) / 2 & ~1,
            y: multiple == 2 ? 0 : (scaled.height - size.height) / 2 & ~1
        )
    }

    private static func scaled(_ size: (width: Int, height: Int), to shortSide: Int?) -> (
        width: Int, height: Int
    ) {
        guard let shortSide else { return size }
        let even = { (long: Int, short: Int) in
            Int((Double(long) * Double(shortSide) / Double(max(1, short)) / 2).rounded()) * 2
        }
        return size.width <= size.height
            ? (shortSide, even(size.height, size.width))
            : (even(size.width, size.height), shortSide)
    }

    /// Keeps the size when the video changes it in mid-stream; does nothing otherwise.
    var sizeHoldingFilter: String { "scale=\(source.width):\(source.height)" }

    /// The filters that crop and scale.
    var filters: [String] {
        var filters: [String] = []
        if (crop.width, crop.height) != source { filters.append(Self.filter(crop)) }
        if scaled != (crop.width, crop.height) {
            filters.append("scale=\(scaled.width):\(scaled.height):flags=bicubic")
        }
        if (result.width, result.height) != scaled { filters.append(Self.filter(result)) }
        if hasSquarePixels { filters.append("setsar=1") }
        return filters
    }

    private static func filter(_ part: Part) -> String {
        "crop=\(part.width):\(part.height):\(part.x):\(part.y)"
    }
}
