/// Which of the decoder's masks counts. (transformers' `Sam2VideoMaskDecoder` and
/// `Sam2VideoModel._single_frame_forward`.)
struct MaskChoice {
    /// Logits, `TrackingTraits.maskSize` squared.
    let logits: [Float]
    /// How good it is, as the model predicts it, 0…1.
    let score: Float
    /// What the object looks like, in short.
    let pointer: [Float]

    /// The logit of every pixel where the object is not there.
    static let nowhere: Float = -1024

    /// Chooses.
    ///
    /// - Parameters:
    ///   - decoded: all masks.
    ///   - isMultiple: whether to choose among several, and not to prefer the single one.
    ///   - stability: when the single one gives way.
    init(_ decoded: DecodedMasks, isMultiple: Bool, stability: (delta: Float, threshold: Float)?) {
        let best = decoded.scores.indices.dropFirst().reduce(1) {
            decoded.scores[$1] > decoded.scores[$0] ? $1 : $0
        }
        var index = isMultiple ? best : 0
        // The pointer stays that of the single mask, even if the mask does not.
        pointer = decoded.pointers[index]
        if !isMultiple, let stability, !Self.isStable(decoded.masks[0], stability) { index = best }
        score = decoded.scores[index]
        logits =
            decoded.presence > 0
            ? decoded.masks[index]
            : Array(repeating: Self.nowhere, count: decoded.masks[index].count)
    }

    /// Whether a mask hardly changes when its threshold is moved.
    private static func isStable(
        _ logits: [Float],
        _ stability: (delta: Float, threshold: Float)
    ) -> Bool {
        var (inner, outer) = (0, 0)
        for logit in logits {
            inner += logit > stability.delta ? 1 : 0
            outer += logit > -stability.delta ? 1 : 0
        }
        return outer == 0 || Float(inner) / Float(outer) >= stability.threshold
    }
}

/// The mask of one object on one frame.
package struct TrackedMask: Sendable, Equatable {
    /// Logits, `TrackingTraits.maskSize` squared; above 0 is object.
    package var logits: [Float]
    /// Above 0 where the object is there.
    package let presence: Float
    /// How good the mask is, as the model predicts it: its intersection over union, 0…1.
    package let score: Float

    /// Puts it together.
    package init(logits: [Float], presence: Float, score: Float) {
        self.logits = logits
        self.presence = presence
        self.score = score
    }
}

/// Mends small flaws of masks while they are small themselves: logits, above 0 is object.
///
/// Holes are filled as the official predictor does it on CUDA (facebookresearch/sam2,
/// sam2/utils/misc.py, `fill_holes_in_mask_scores`): pixels count as neighbours in all eight
/// directions, and what was a hole becomes just about object.
package enum MaskComponents {
    /// What becomes of a pixel that changes sides.
    private static let faint: Float = 0.1

    /// Fills holes, then drops specks.
    ///
    /// - Parameters:
    ///   - logits: `width` columns, row by row.
    ///   - width: at least 1.
    ///   - holes: parts of the background of at most so many pixels become object.
    ///   - specks: parts of the object of at most so many pixels become background.
    /// - Returns: the logits; those of other pixels are as they were.
    package static func mended(
        _ logits: [Float],
        width: Int,
        holes: Int,
        specks: Int
    ) -> [Float] {
        var result = logits
        if holes > 0 {
            forEachSmall(in: result, width: width, ofObject: false, most: holes) {
                result[$0] = faint
            }
        }
        if specks > 0 {
            forEachSmall(in: result, width: width, ofObject: true, most: specks) {
                result[$0] = -faint
            }
        }
        return result
    }

    /// Calls `change` for each pixel of each part that is small enough.
    private static func forEachSmall(
        in logits: [Float],
        width: Int,
        ofObject isObject: Bool,
        most: Int,
        _ change: (Int) -> Void
    ) {
        let height = logits.count / width
        var isOpen = logits.map { ($0 > 0) == isObject }
        var part: [Int] = []
        for start in isOpen.indices where isOpen[start] {
            isOpen[start] = false
            part.removeAll(keepingCapacity: true)
            part.append(start)
            var next = 0
            while next < part.count {
                let (y, x) = part[next].quotientAndRemainder(dividingBy: width)
                next += 1
                for row in max(0, y - 1)...min(height - 1, y + 1) {
                    for column in max(0, x - 1)...min(width - 1, x + 1) {
                        let place = row * width + column
                        guard isOpen[place] else { continue }
                        isOpen[place] = false
                        part.append(place)
                    }
                }
            }
            if part.count <= most { part.forEach(change) }
        }
    }
}
