import Imaging

/// Metrics of masks that follow each other, without ground truth.
package struct MaskMetrics: Sendable {
    /// A pixel whose brightness differs by more has changed.
    private static let tolerance: Int16 = 12

    private var masks: [GrayImage] = []
    private var frames: [GrayImage] = []
    private var toggles = 0.0
    private var triples = 0
    private var ious = 0.0
    private var pairs = 0

    package init() {}

    /// Takes the next mask.
    ///
    /// - Parameters:
    ///   - mask: 0 background, anything else object; all have one size.
    ///   - frame: the video frame's brightness, of the mask's size. Where it changes, the mask may
    ///     change too, and nothing is counted. Nil counts everywhere.
    package mutating func add(_ mask: GrayImage, frame: GrayImage? = nil) {
        masks.append(mask)
        if let frame { frames.append(frame) }
        if masks.count > 1 {
            ious += Self.iou(masks[masks.count - 2], mask)
            pairs += 1
        }
        guard masks.count == 3 else { return }
        toggles += toggledPart()
        triples += 1
        masks.removeFirst()
        if frames.count == 3 { frames.removeFirst() }
    }

    /// Takes note that a frame has no mask: the next one does not follow the one before.
    package mutating func interrupt() {
        masks = []
        frames = []
    }

    /// Part of the pixels, 0...1, whose mask changes from one frame to the next and changes back in
    /// the one after, although the video does not change there: the mean over all frames.
    package var flicker: Double { triples == 0 ? 0 : toggles / Double(triples) }

    /// IoU of successive masks, 0...1: the mean over all frames.
    package var iou: Double { pairs == 0 ? 1 : ious / Double(pairs) }

    /// Intersection over union of two masks, 1 when both are empty.
    package static func iou(_ first: GrayImage, _ second: GrayImage) -> Double {
        var both = 0
        var either = 0
        for (a, b) in zip(first.pixels, second.pixels) {
            if a != 0, b != 0 { both += 1 }
            if a != 0 || b != 0 { either += 1 }
        }
        return either == 0 ? 1 : Double(both) / Double(either)
    }

    private func toggledPart() -> Double {
        let (a, b, c) = (masks[0].pixels, masks[1].pixels, masks[2].pixels)
        var count = 0
        for index in a.indices where (a[index] != 0) != (b[index] != 0) {
            if (a[index] != 0) == (c[index] != 0), isStill(index) { count += 1 }
        }
        return a.isEmpty ? 0 : Double(count) / Double(a.count)
    }

    private func isStill(_ index: Int) -> Bool {
        guard frames.count == 3 else { return true }
        let middle = Int16(frames[1].pixels[index])
        return abs(Int16(frames[0].pixels[index]) - middle) <= Self.tolerance
            && abs(Int16(frames[2].pixels[index]) - middle) <= Self.tolerance
    }
}
