import ClipExport
import DatasetProfiles
import Diagnostics
import Media

/// `--crop object`: clips show the object of their masks, and some of what is around it.
package struct DatasetCrop: Sendable, Equatable {
    /// What is added on each side, as a part of the object's width or height.
    package let margin: Double

    /// The least side of a crop, in pixels of the clip.
    private static let leastSide = 64

    /// Reads `object` or `object:0.2`; nil for anything else.
    package init?(_ text: String) {
        let parts = text.split(exactly: ":", omittingEmptySubsequences: false)
        guard parts.count <= 2, parts[0] == "object" else { return nil }
        guard parts.count == 2 else {
            margin = 0.1
            return
        }
        guard let margin = Double(String(parts[1])), (0...10).contains(margin) else { return nil }
        self.margin = margin
    }

    /// The part of the clip that is shown.
    ///
    /// - Parameters:
    ///   - box: the object on all frames, in pixels of the clip.
    ///   - clip: what the clip has.
    /// - Returns: even sides, inside of the clip.
    func part(around box: FramePart, in clip: ClipFacts) -> FramePart {
        let across = Self.span(box.x, box.width, margin, in: clip.width)
        let down = Self.span(box.y, box.height, margin, in: clip.height)
        return FramePart(
            width: across.count,
            height: down.count,
            x: across.lowerBound,
            y: down.lowerBound
        )
    }

    private static func span(
        _ start: Int,
        _ length: Int,
        _ margin: Double,
        in all: Int
    ) -> Range<Int> {
        let wanted = Int((Double(length) * (1 + 2 * margin)).rounded(.up))
        let side = min(max(wanted + wanted % 2, leastSide), all)
        return centred(side, on: 2 * start + length, in: all)
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
