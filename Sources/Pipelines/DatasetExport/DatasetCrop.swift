import ClipExport
import DatasetProfiles
import Diagnostics
import Media

/// `--crop object`: clips show the object of their masks, and some of what is around it.
package struct DatasetCrop: Sendable, Equatable {
    /// What is added on each side, as a part of the object's width or height.
    package let margin: Double
    /// Whether a box of constant size follows the object, where otherwise one contains it on all
    /// frames.
    package let follows: Bool

    /// The least side of a crop, in pixels of the clip.
    static let leastSide = 64
    /// The margin that is used where none is given.
    package static let usualMargin = 0.1

    /// Reads `object`, `object:0.2`, `object:follow` or `object:0.2:follow`; nil for anything else.
    package init?(_ text: String) {
        var parts = text.split(exactly: ":", omittingEmptySubsequences: false)[...]
        guard parts.popFirst()?.isExactly("object") == true else { return nil }
        follows = parts.last?.isExactly("follow") == true
        if follows { parts.removeLast() }
        switch parts.count {
        case 0: margin = Self.usualMargin
        case 1:
            guard let margin = parts.first.flatMap({ Double(String($0)) }),
                (0...10).contains(margin)
            else { return nil }
            self.margin = margin
        default: return nil
        }
    }

    /// The part of the clip that is shown.
    ///
    /// - Parameters:
    ///   - box: the object on all frames, in pixels of the clip.
    ///   - clip: what the clip has.
    ///   - multiple: sides are multiples of this, where the clip is large enough.
    /// - Returns: even sides, inside of the clip.
    func part(around box: FramePart, in clip: ClipFacts, multiple: Int) -> FramePart {
        let across = span(box.x, box.width, multiple, in: clip.width)
        let down = span(box.y, box.height, multiple, in: clip.height)
        return FramePart(
            width: across.count,
            height: down.count,
            x: across.lowerBound,
            y: down.lowerBound
        )
    }

    private func span(_ start: Int, _ length: Int, _ multiple: Int, in all: Int) -> Range<Int> {
        let wanted = max(Int((Double(length) * (1 + 2 * margin)).rounded(.up)), Self.leastSide)
        let side = min((wanted + multiple - 1) / multiple * multiple, all)
        return Self.centred(side, on: 2 * start + length, in: all)
    }

    /// A span around a centre, moved into `0..<all`.
    ///
    /// - Parameters:
    ///   - length: of the span.
    ///   - doubleCentre: twice the place of the centre.
    ///   - all: at least the length.
    /// - Returns: the span.
    private static func centred(_ length: Int, on doubleCentre: Int, in all: Int) -> Range<Int> {
        let start = min(max(0, (doubleCentre - length) / 2), all - length)
        return start..<start + length
    }
}

extension DatasetCrop {
    /// The part of a source with a certain shape: around a part, as small as it can be, where the
    /// part has to be in it; the largest one inside of the part otherwise.
    ///
    /// - Parameters:
    ///   - shape: width by height, in stored pixels.
    ///   - part: what is to be shown, or cropped.
    ///   - whole: what there is; nil where the part is all.
    /// - Returns: even sides.
    static func part(of shape: Double, _ part: FramePart, in whole: FramePart?) -> FramePart {
        let limit = whole ?? part
        var width = Double(part.width)
        var height = Double(part.height)
        if whole != nil {
            (width, height) = (max(width, height * shape), max(height, width / shape))
        }
        let scale = min(1, Double(limit.width) / width, Double(limit.height) / height)
        (width, height) = (width * scale, height * scale)
        (width, height) = (min(width, height * shape), min(height, width / shape))
        let columns = max(2, min(limit.width, Int((width / 2).rounded()) * 2))
        let rows = max(2, min(limit.height, Int((height / 2).rounded()) * 2))
        let across = centred(
            columns,
            on: 2 * (part.x - limit.x) + part.width,
            in: max(columns, limit.width)
        )
        let down = centred(
            rows,
            on: 2 * (part.y - limit.y) + part.height,
            in: max(rows, limit.height)
        )
        return FramePart(
            width: columns,
            height: rows,
            x: limit.x + (across.lowerBound & ~1),
            y: limit.y + (down.lowerBound & ~1)
        )
    }
}

extension CutAim {
    /// Lets the cut follow an object.
    ///
    /// - Parameters:
    ///   - track: where the object is on the frames of the cut.
    ///   - crop: how.
    ///   - geometry: how the clip was cropped and scaled.
    ///   - plan: the cut before it follows anything.
    mutating func follow(
        _ track: ObjectTrack,
        _ crop: DatasetCrop,
        _ geometry: FrameGeometry,
        _ plan: CutPlan
    ) {
        let (across, down) = geometry.step
        let least = Double(DatasetCrop.leastSide)
        var size = ObjectTrack.Size(margin: crop.margin, least: (least * across, least * down))
        size.shape = bucket.map { $0.shape.value / plan.source.pixelAspect.value }
        // Otherwise what is left of a multiple would be cropped away.
        if bucket == nil, across == 1, down == 1 { size.multiple = plan.settings.sideMultiple }
        let (part, path) = track.following(size)
        (self.part, self.path) = (part, path)
        // As large as the object is in the clip.
        let even = { (side: Int, step: Double) in
            max(2, Int((Double(side) / step / 2).rounded()) * 2)
        }
        self.size = FrameSize(width: even(part.width, across), height: even(part.height, down))
    }
}
