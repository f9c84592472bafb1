/// Chooses one of the decoder's masks. (transformers' `Sam2VideoMaskDecoder` and
/// `Sam2VideoModel._single_frame_forward`.)
struct MaskChoice {
    /// Which of the decoder's masks it is.
    let index: Int
    /// Logits, `TrackingTraits.maskSize` squared.
    let logits: [Float]
    /// Predicted by the model, 0…1.
    let iou: Float
    /// The object pointer, as in `DecodedMasks.pointers`.
    let pointer: [Float]

    /// - Parameters:
    ///   - decoded: the single mask and the alternatives.
    ///   - isMultiple: whether to choose the best of the alternatives.
    ///   - stability: as in `TrackingTraits`; otherwise the best alternative replaces a single
    ///     mask that is not stable.
    init(_ decoded: DecodedMasks, isMultiple: Bool, stability: (delta: Float, threshold: Float)?) {
        let best = decoded.ious.indices.dropFirst().reduce(1) {
            decoded.ious[$1] > decoded.ious[$0] ? $1 : $0
        }
        var index = isMultiple ? best : 0
        // The pointer stays that of the single mask, even if the mask does not.
        pointer = decoded.pointers[index]
        if !isMultiple, let stability, !Self.isStable(decoded.masks[0], stability) { index = best }
        self.index = index
        iou = decoded.ious[index]
        logits =
            decoded.objectScore > 0
            ? decoded.masks[index]
            : Array(repeating: TrackedMask.noObjectScore, count: decoded.masks[index].count)
    }

    /// Whether a mask hardly changes with its threshold: the IoU of the masks at ±`delta`.
    /// (`Sam2VideoMaskDecoder._get_stability_scores`.)
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
    /// The logit of every pixel on frames where the object is not visible. (`NO_OBJ_SCORE`.)
    package static let noObjectScore: Float = -1024

    /// Logits, `TrackingTraits.maskSize` squared; above 0 is object.
    package var logits: [Float]
    /// A logit, above 0 where the object is visible (`object_score_logits`).
    package let objectScore: Float
    /// The IoU that the model predicts for the mask, 0…1.
    package let iou: Float

    package init(logits: [Float], objectScore: Float, iou: Float) {
        self.logits = logits
        self.objectScore = objectScore
        self.iou = iou
    }
}

/// Fills small holes in masks and removes small components, in logits of the decoder's size: above
/// 0 is object.
///
/// Holes are filled as the official predictor does it on CUDA (facebookresearch/sam2,
/// sam2/utils/misc.py, `fill_holes_in_mask_scores`): pixels are neighbours in all eight directions,
/// and a pixel that changes sides gets a logit of ±0.1.
package enum MaskComponents {
    private static let changedLogit: Float = 0.1

    /// Turns holes, components of the background, into object.
    ///
    /// - Parameters:
    ///   - logits: `width` columns, row by row; only those of filled holes change.
    ///   - width: at least 1.
    ///   - maxArea: in pixels; larger holes stay.
    package static func fillHoles(in logits: inout [Float], width: Int, maxArea: Int) {
        guard maxArea > 0 else { return }
        forEachPixel(ofComponentsUpTo: maxArea, ofObject: false, in: logits, width: width) {
            logits[$0] = changedLogit
        }
    }

    /// Turns small components of the object into background.
    ///
    /// - Parameters:
    ///   - logits: `width` columns, row by row; only those of removed components change.
    ///   - width: at least 1.
    ///   - maxArea: in pixels; larger components stay.
    package static func removeSmallComponents(
        from logits: inout [Float],
        width: Int,
        maxArea: Int
    ) {
        guard maxArea > 0 else { return }
        forEachPixel(ofComponentsUpTo: maxArea, ofObject: true, in: logits, width: width) {
            logits[$0] = -changedLogit
        }
    }

    /// Calls `change` for each pixel of each component of at most `maxArea` pixels.
    private static func forEachPixel(
        ofComponentsUpTo maxArea: Int,
        ofObject isObject: Bool,
        in logits: [Float],
        width: Int,
        _ change: (Int) -> Void
    ) {
        forEachComponent(of: logits.map { ($0 > 0) == isObject }, width: width) { component in
            if component.count <= maxArea { component.forEach(change) }
        }
    }

    /// The largest component; of several the one whose first pixel comes first, row by row.
    ///
    /// - Parameters:
    ///   - pixels: `width` columns, row by row.
    ///   - width: at least 1.
    /// - Returns: where its pixels are; none when there is no component.
    static func largest(of pixels: [Bool], width: Int) -> [Int] {
        var largest: [Int] = []
        forEachComponent(of: pixels, width: width) { component in
            if component.count > largest.count { largest = component }
        }
        return largest
    }

    /// Calls `take` for each component, in the order of their first pixels.
    private static func forEachComponent(
        of pixels: [Bool],
        width: Int,
        _ take: ([Int]) -> Void
    ) {
        let height = pixels.count / width
        var isOpen = pixels
        var component: [Int] = []
        for start in isOpen.indices where isOpen[start] {
            isOpen[start] = false
            component.removeAll(keepingCapacity: true)
            component.append(start)
            var next = 0
            while next < component.count {
                let (y, x) = component[next].quotientAndRemainder(dividingBy: width)
                next += 1
                for row in max(0, y - 1)...min(height - 1, y + 1) {
                    for column in max(0, x - 1)...min(width - 1, x + 1) {
                        let place = row * width + column
                        guard isOpen[place] else { continue }
                        isOpen[place] = false
                        component.append(place)
                    }
                }
            }
            take(component)
        }
    }
}
