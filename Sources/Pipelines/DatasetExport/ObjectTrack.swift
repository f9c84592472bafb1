import ClipExport
import Media

/// Where an object is on the frames of a clip, in pixels of the source.
struct ObjectTrack {
    /// Nil where the object is not seen; at least one is not.
    let edges: [FrameEdges?]
    /// Frames per second.
    let frameRate: Rational
    /// What the clip may show.
    let bounds: FramePart

    /// How large a crop is around an object.
    struct Size {
        /// What is added on each side, as a part of the object's width or height.
        let margin: Double
        /// The least width and height.
        let least: (across: Double, down: Double)
        /// Width by height, which the crop is to have; nil for that of the object.
        var shape: Double?
        /// Both sides are multiples of this, where the clip is large enough.
        var multiple = 2
    }

    private var seen: [FrameEdges] { edges.compactMap(\.self) }

    // MARK: - One box for all frames

    /// The box around the object on all frames, with a margin.
    func box(_ size: Size) -> FramePart {
        let (left, top) = (seen.map(\.left).min() ?? 0, seen.map(\.top).min() ?? 0)
        let (right, bottom) = (seen.map(\.right).max() ?? 0, seen.map(\.bottom).max() ?? 0)
        let sides = sides(size, width: right - left, height: bottom - top)
        let place = { (middle: Double, side: Int, start: Int, all: Int) in
            Self.even(middle - Double(side) / 2, in: start...max(start, start + all - side))
        }
        return FramePart(
            width: sides.width,
            height: sides.height,
            x: place((left + right) / 2, sides.width, bounds.x, bounds.width),
            y: place((top + bottom) / 2, sides.height, bounds.y, bounds.height)
        )
    }

    private func sides(_ size: Size, width: Double, height: Double) -> FrameSize {
        let side = { (length: Double, least: Double, all: Int) in
            let wanted = Int(max(length * (1 + 2 * size.margin), least).rounded(.up))
            let rounded = (wanted + size.multiple - 1) / size.multiple * size.multiple
            return rounded <= all ? rounded : all & ~1
        }
        let sides = FrameSize(
            width: side(width, size.least.across, bounds.width),
            height: side(height, size.least.down, bounds.height)
        )
        guard let shape = size.shape else { return sides }
        let part = FramePart(width: sides.width, height: sides.height, x: bounds.x, y: bounds.y)
        let grown = DatasetCrop.part(of: shape, part, in: bounds)
        return FrameSize(width: grown.width, height: grown.height)
    }

    // MARK: - A box that follows

    /// A box of constant size that follows the object, with a margin around it where it is largest.
    func following(_ size: Size) -> (part: FramePart, path: CropPath) {
        let sides = sides(
            size,
            // Places are rounded to even ones.
            width: (seen.map { $0.right - $0.left }.max() ?? 0) + Self.slack,
            height: (seen.map { $0.bottom - $0.top }.max() ?? 0) + Self.slack
        )
        let margin = size.margin / 2
        let columns = path(sides.width, bounds.x, bounds.width, margin) { ($0.left, $0.right) }
        let rows = path(sides.height, bounds.y, bounds.height, margin) { ($0.top, $0.bottom) }
        let part = FramePart(
            width: sides.width,
            height: sides.height,
            x: columns.first ?? bounds.x,
            y: rows.first ?? bounds.y
        )
        return (part, CropPath(columns: columns, rows: rows))
    }

    private static let slack = 2.0
    /// The path is smoothed with a Gaussian of this standard deviation, in seconds.
    private static let smoothing = 0.5
    /// A limit for the time that this takes at high frame rates.
    private static let mostPasses = 4000

    /// Where a box of a length begins on each frame: as near to the middle of the object as a smooth
    /// path is, and so that the object is in it as a whole, with a margin as a part of its length.
    ///
    /// Each pass replaces a place by a quarter of its neighbours' and half of its own, which many
    /// times over is a Gaussian, and then moves it to where the object is in the box.
    private func path(
        _ length: Int,
        _ start: Int,
        _ all: Int,
        _ margin: Double,
        _ span: (FrameEdges) -> (Double, Double)
    ) -> [Int] {
        let limits = start...max(start, start + all - length)
        let (least, most) = (Double(limits.lowerBound), Double(limits.upperBound))
        let spans = edges.map { $0.map(span) }
        let ranges = spans.map { span -> ClosedRange<Double> in
            guard let span else { return least...most }
            let spare = (Double(length) - (span.1 - span.0)) / 2
            let free = max(1, min((span.1 - span.0) * margin, spare))
            let (low, high) = (span.1 + free - Double(length), span.0 - free)
            let middle = (span.0 + span.1 - Double(length)) / 2
            let (first, last) = low <= high ? (low, high) : (middle, middle)
            return min(max(first, least), most)...min(max(last, least), most)
        }
        func held(_ place: Double, _ frame: Int) -> Double {
            min(max(place, ranges[frame].lowerBound), ranges[frame].upperBound)
        }
        var places = Self.filled(spans.map { $0.map { ($0.0 + $0.1 - Double(length)) / 2 } })
            .enumerated().map { held($1, $0) }
        let deviation = Self.smoothing * frameRate.value
        let passes = min(Self.mostPasses, Int((2 * deviation * deviation).rounded(.up)))
        let last = places.count - 1
        var next = places
        for _ in 0..<passes {
            for frame in places.indices {
                let sum =
                    places[max(0, frame - 1)] + 2 * places[frame] + places[min(last, frame + 1)]
                next[frame] = held(sum / 4, frame)
            }
            swap(&places, &next)
        }
        return places.map { Self.even($0, in: limits) }
    }

    /// Where the object is not seen, it is taken to move on evenly.
    private static func filled(_ places: [Double?]) -> [Double] {
        var filled: [Double] = []
        var before: Double?
        for (frame, place) in places.enumerated() {
            if let place {
                filled.append(place)
                before = place
                continue
            }
            let next = places[frame...].firstIndex { $0 != nil }
            let after = next.flatMap { places[$0] }
            let from = filled.last ?? after ?? before ?? 0
            let steps = Double((next ?? frame) - frame + 1)
            filled.append(from + ((after ?? from) - from) / steps)
        }
        return filled
    }

    /// The nearest even place: with chroma subsampling, odd ones do not exist.
    private static func even(_ place: Double, in limits: ClosedRange<Int>) -> Int {
        let nearest = Int((place / 2).rounded()) * 2
        return min(max(nearest, (limits.lowerBound + 1) & ~1), limits.upperBound & ~1)
    }
}
