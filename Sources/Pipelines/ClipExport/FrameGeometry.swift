import Diagnostics
import Media

/// A rectangle of a frame, in pixels.
package struct FramePart: Sendable, Equatable, Codable {
    package let width: Int
    package let height: Int
    package let x: Int
    package let y: Int

    package init(width: Int, height: Int, x: Int, y: Int) {
        (self.width, self.height, self.x, self.y) = (width, height, x, y)
    }
}

/// Columns and rows of a frame.
package struct FrameSize: Sendable, Equatable, Codable {
    package let width: Int
    package let height: Int

    package init(width: Int, height: Int) {
        (self.width, self.height) = (width, height)
    }
}

/// The edges of a rectangle, in pixels of a frame.
package struct FrameEdges: Sendable, Equatable {
    package let left, top, right, bottom: Double

    package init(left: Double, top: Double, right: Double, bottom: Double) {
        (self.left, self.top, self.right, self.bottom) = (left, top, right, bottom)
    }
}

/// How a frame is cropped and scaled. All sizes are in stored pixels.
package struct FrameGeometry: Sendable, Equatable {
    /// Columns and rows of the source, upright.
    package let source: FrameSize
    /// The part of the source that is taken; on the first frame, where it moves.
    private(set) var crop: FramePart
    /// Where that part is on each frame of the clip, if it moves; nil where it stays.
    package let path: CropPath?
    /// What that part is scaled to.
    let scaled: FrameSize
    /// The part of that which is the result.
    let result: FramePart
    /// Whether the result has square pixels, whatever the source has.
    let hasSquarePixels: Bool

    /// - Throws: `EightCutError` when nothing would be left.
    package init(_ source: MediaSource, _ settings: CutSettings) throws {
        let (width, height) = (source.video.width, source.video.height)
        self.source = FrameSize(width: width, height: height)
        path = settings.part == nil ? nil : settings.path
        crop = settings.part ?? Self.crop(of: source, settings)
        let cropped = FrameSize(width: crop.width, height: crop.height)
        scaled =
            settings.size ?? settings.bucket.map { FrameSize(width: $0.width, height: $0.height) }
            ?? Self.scaled(cropped, to: settings.shortSide)
        hasSquarePixels = settings.bucket != nil
        let multiple = settings.sideMultiple
        let size = FrameSize(
            width: scaled.width / multiple * multiple,
            height: scaled.height / multiple * multiple
        )
        let columns = 0...max(0, width - crop.width)
        let rows = 0...max(0, height - crop.height)
        guard size.width >= 2, size.height >= 2, crop.width > 0, crop.height > 0,
            crop.width <= width, crop.height <= height,
            ([crop.x] + (path?.columns ?? [])).allSatisfy(columns.contains),
            ([crop.y] + (path?.rows ?? [])).allSatisfy(rows.contains)
        else {
            throw EightCutError(
                .usage,
                "cannot cut",
                on: source.path.string,
                because: "nothing would be left of \(width)x\(height) pixels "
                    + "(both sides must be multiples of \(multiple))",
                remedy: "Choose a larger short side or another crop."
            )
        }
        result = FramePart(
            width: size.width,
            height: size.height,
            x: multiple == 2 ? 0 : (scaled.width - size.width) / 2 & ~1,
            y: multiple == 2 ? 0 : (scaled.height - size.height) / 2 & ~1
        )
    }

    /// The largest part of the aspect ratio that is asked for.
    private static func crop(of source: MediaSource, _ settings: CutSettings) -> FramePart {
        let (width, height) = (source.video.width, source.video.height)
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
        return FramePart(
            width: cropped.width,
            height: cropped.height,
            x: place(width, cropped.width),
            y: place(height, cropped.height)
        )
    }

    private static func scaled(_ size: FrameSize, to shortSide: Int?) -> FrameSize {
        guard let shortSide else { return size }
        let even = { (long: Int, short: Int) in
            Int((Double(long) * Double(shortSide) / Double(max(1, short)) / 2).rounded()) * 2
        }
        return size.width <= size.height
            ? FrameSize(width: shortSide, height: even(size.height, size.width))
            : FrameSize(width: even(size.width, size.height), height: shortSide)
    }

    /// Columns and rows of the result.
    package var size: FrameSize { FrameSize(width: result.width, height: result.height) }

    /// Keeps the size when the video changes it in mid-stream; does nothing otherwise.
    var sizeHoldingFilter: String { "scale=\(source.width):\(source.height)" }

    /// The filters that crop and scale frames of the source; none where the crop moves, because
    /// only frames of the clip have numbers then.
    var filters: [String] {
        let cropped = FrameSize(width: crop.width, height: crop.height)
        return path == nil ? filters(cropped == source ? nil : Self.filter(crop)) : []
    }

    /// The filters that crop and scale frames of the clip, counted from its first one.
    var clipFilters: [String] {
        path.map { filters($0.filter(FrameSize(width: crop.width, height: crop.height))) } ?? []
    }

    private func filters(_ cropping: String?) -> [String] {
        var filters = [cropping].compactMap(\.self)
        let cropped = FrameSize(width: crop.width, height: crop.height)
        if scaled != cropped {
            filters.append("scale=\(scaled.width):\(scaled.height):flags=bicubic")
        }
        if size != scaled { filters.append(Self.filter(result)) }
        if hasSquarePixels { filters.append("setsar=1") }
        return filters
    }

    private static func filter(_ part: FramePart) -> String {
        "crop=\(part.width):\(part.height):\(part.x):\(part.y)"
    }
}

// MARK: - Places

extension FrameGeometry {
    /// The same on a frame of the clip: where the crop moves, it is in its place there.
    package func on(frame: Int) -> FrameGeometry {
        guard let path, path.count > 0 else { return self }
        var geometry = self
        let place = path.taken(at: [frame])
        geometry.crop = FramePart(
            width: crop.width,
            height: crop.height,
            x: place.columns[0],
            y: place.rows[0]
        )
        return geometry
    }

    /// Pixels of the source for one of the result, across and down.
    package var step: (across: Double, down: Double) {
        (
            Double(crop.width) / Double(scaled.width), Double(crop.height) / Double(scaled.height)
        )
    }

    /// Where the edges of a part of the result are in the source, exactly.
    package func edges(of part: FramePart) -> FrameEdges {
        let across = { Double(crop.x) + Double(result.x + $0) * step.across }
        let down = { Double(crop.y) + Double(result.y + $0) * step.down }
        return FrameEdges(
            left: across(part.x),
            top: down(part.y),
            right: across(part.x + part.width),
            bottom: down(part.y + part.height)
        )
    }

    /// The part of the source that the result shows, at even places.
    package var shown: FramePart {
        part(of: FramePart(width: result.width, height: result.height, x: 0, y: 0))
    }

    /// The part of the source that a part of the result shows. Its edges are moved to even places:
    /// with chroma subsampling, odd ones do not exist.
    package func part(of part: FramePart) -> FramePart {
        let across = Self.span(
            part.x..<part.x + part.width,
            (crop.x, crop.width, scaled.width, result.x),
            in: source.width
        )
        let down = Self.span(
            part.y..<part.y + part.height,
            (crop.y, crop.height, scaled.height, result.y),
            in: source.height
        )
        return FramePart(
            width: across.count,
            height: down.count,
            x: across.lowerBound,
            y: down.lowerBound
        )
    }

    private static func span(
        _ pixels: Range<Int>,
        _ axis: (crop: Int, cropped: Int, scaled: Int, result: Int),
        in all: Int
    ) -> Range<Int> {
        let place = { (pixel: Int) in
            let place =
                Double(axis.crop)
                + Double(axis.result + pixel) * Double(axis.cropped) / Double(axis.scaled)
            // The end of a source may be odd.
            guard place < Double(all) - 0.25 else { return all }
            return min(max(0, Int((place / 2).rounded()) * 2), all)
        }
        let start = min(place(pixels.lowerBound), max(0, all - 2) & ~1)
        return start..<max(place(pixels.upperBound), min(start + 2, all))
    }

    /// For each column of the result the column of another cut of the same source that shows the
    /// same place; nil where there is one that the other does not show.
    package func columns(in other: FrameGeometry) -> [Int]? {
        Self.places(
            (crop.x, crop.width, scaled.width, result.x, result.width),
            (other.crop.x, other.crop.width, other.scaled.width, other.result.x, other.result.width)
        )
    }

    /// For each row of the result that of another cut, as for columns.
    package func rows(in other: FrameGeometry) -> [Int]? {
        Self.places(
            (crop.y, crop.height, scaled.height, result.y, result.height),
            (
                other.crop.y, other.crop.height, other.scaled.height, other.result.y,
                other.result.height
            )
        )
    }

    private typealias Axis = (crop: Int, cropped: Int, scaled: Int, result: Int, count: Int)

    /// The nearest pixels, by their centres. Edges may differ by two pixels of the source, because
    /// they are moved to even places.
    private static func places(_ axis: Axis, _ other: Axis) -> [Int]? {
        let step = Double(axis.cropped) / Double(axis.scaled)
        let otherStep = Double(other.cropped) / Double(other.scaled)
        let slack = 2 / otherStep + 1
        var places: [Int] = []
        places.reserveCapacity(axis.count)
        for pixel in 0..<axis.count {
            let centre = Double(axis.crop) + (Double(axis.result + pixel) + 0.5) * step
            let place = (centre - Double(other.crop)) / otherStep - Double(other.result)
            guard place >= -slack, place <= Double(other.count) + slack else { return nil }
            places.append(min(max(0, Int(place.rounded(.down))), other.count - 1))
        }
        return places
    }
}
