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
