/// A model that `ObjectTracker` can run: SAM 2 with graphs, a test with arithmetic.
///
/// All calls are made once for each object on a frame; `Features` are computed once for each
/// frame, by the caller.
package protocol SegmentationModel: Sendable {
    /// A frame's image embedding without memory. SAM 2: [tokens, width] for memory, and two finer
    /// levels, [4 · tokens, width / 4] and [16 · tokens, width / 8], for the mask decoder.
    associatedtype Features: Sendable
    /// An image embedding that the mask decoder takes. SAM 2: [tokens, width].
    associatedtype Conditioned: Sendable

    var traits: TrackingTraits { get }

    /// The features as they are, for masks that the user gives.
    func unconditioned(_ features: Features) -> Conditioned

    /// The features of a frame without memories: with the "no memory" embedding added.
    func initial(_ features: Features) -> Conditioned

    /// Memory attention: conditions the features on memories and object pointers.
    ///
    /// - Throws: `EightCutError` when the model cannot be run, or `CancellationError`.
    func attend(_ features: Features, to memories: MemorySelection) async throws -> Conditioned

    /// Mask decoder: predicts masks of one object for a prompt.
    ///
    /// - Throws: `EightCutError` when the model cannot be run, or `CancellationError`.
    func decode(
        _ conditioned: Conditioned,
        of features: Features,
        for prompt: DecoderPrompt
    ) async throws -> DecodedMasks

    /// Memory encoder: encodes a frame and its mask into memory.
    ///
    /// - Parameters:
    ///   - features: the frame's.
    ///   - mask: logits, `traits.imageSize` squared.
    ///   - isAbsent: whether the object is not visible.
    /// - Returns: the memory; its layout is the model's own.
    /// - Throws: `EightCutError` when the model cannot be run, or `CancellationError`.
    func encodeMemory(
        _ features: Features,
        mask: [Float],
        isAbsent: Bool
    ) async throws -> SpatialMemory
}

/// The settings of a model that its tracker needs.
package struct TrackingTraits: Sendable, Equatable {
    /// Rows and columns of the model's input, in pixels.
    package var imageSize: Int
    /// Rows and columns of the decoder's masks.
    package var maskSize: Int
    /// Memories at a time, besides those of other prompted frames (`num_maskmem`).
    package var memories: Int
    /// Memories that take part in memory attention; at most `memories`.
    package var attendedMemories: Int
    /// Object pointers at a time, besides the same (`max_object_pointers_in_encoder`).
    package var pointers: Int
    /// Prompted frames that are attended to at a time (`max_cond_frame_num`); nil for all.
    package var conditioningFrames: Int?
    /// Numbers of points for which the best of several masks is chosen; nil for none
    /// (`multimask_min_pt_num`, `multimask_max_pt_num`).
    package var multimaskPoints: ClosedRange<Int>?
    /// Whether this is also done after the first frame (`multimask_output_for_tracking`).
    package var multimaskForTracking: Bool
    /// When the single mask is replaced by the best of several; nil for never. A mask is stable
    /// when its versions at logits of +`delta` and -`delta` have an IoU of at least `threshold`.
    /// (`dynamic_multimask_stability_delta` and `…_thresh`, whose defaults in transformers and
    /// facebookresearch/sam2 are 0.05 and 0.98.)
    package var stability: (delta: Float, threshold: Float)?
    /// Which frames are remembered and attended to.
    package var memoryRules: MemoryRules

    package init(
        imageSize: Int,
        maskSize: Int,
        memories: Int,
        attendedMemories: Int? = nil,
        pointers: Int,
        conditioningFrames: Int? = nil,
        multimaskPoints: ClosedRange<Int>? = 0...1,
        multimaskForTracking: Bool = true,
        stability: (delta: Float, threshold: Float)? = (0.05, 0.98),
        memoryRules: MemoryRules = .standard
    ) {
        self.imageSize = imageSize
        self.maskSize = maskSize
        self.memories = memories
        self.attendedMemories = min(attendedMemories ?? memories, memories)
        self.pointers = pointers
        self.conditioningFrames = conditioningFrames
        self.multimaskPoints = multimaskPoints
        self.multimaskForTracking = multimaskForTracking
        self.stability = stability
        self.memoryRules = memoryRules
    }

    package static func == (left: TrackingTraits, right: TrackingTraits) -> Bool {
        left.imageSize == right.imageSize && left.maskSize == right.maskSize
            && left.memories == right.memories
            && left.attendedMemories == right.attendedMemories && left.pointers == right.pointers
            && left.conditioningFrames == right.conditioningFrames
            && left.multimaskPoints == right.multimaskPoints
            && left.multimaskForTracking == right.multimaskForTracking
            && left.stability?.delta == right.stability?.delta
            && left.stability?.threshold == right.stability?.threshold
            && left.memoryRules == right.memoryRules
    }
}

/// A prompt for one object on one frame, in the coordinates of the model.
package struct DecoderPrompt: Sendable, Equatable {
    /// The label of a point, as SAM numbers them.
    package enum Kind: Int, Sendable {
        case negative, positive, upperLeft, lowerRight
    }

    /// A point, or a corner of a box.
    package struct Point: Sendable, Equatable {
        /// Column as a part of the frame's width, 0…1.
        package let x: Float
        /// Row as a part of the frame's height, 0…1.
        package let y: Float
        package let kind: Kind

        package init(x: Float, y: Float, kind: Kind) {
            self.x = x
            self.y = y
            self.kind = kind
        }
    }

    package enum Mask: Sendable, Equatable {
        /// As the decoder makes them: `TrackingTraits.maskSize` squared.
        case logits([Float])
        /// As a user gives it, 0 and 1: `TrackingTraits.imageSize` squared.
        case object([Float])
    }

    /// The corners of a box, then points.
    package var points: [Point]
    package var mask: Mask?

    package init(points: [Point] = [], mask: Mask? = nil) {
        self.points = points
        self.mask = mask
    }
}

/// The mask decoder's outputs: the single mask first, then the alternatives (4 in all, unless the
/// checkpoint says otherwise).
package struct DecodedMasks: Sendable {
    /// Logits, `TrackingTraits.maskSize` squared each; above 0 is object.
    package let masks: [[Float]]
    /// The IoU that the model predicts for each mask, 0…1.
    package let ious: [Float]
    /// For each mask an object pointer: an embedding of the object, as long as the model is wide
    /// (256 in the published checkpoints). `noObjectPointer` where the object is not visible.
    package let pointers: [[Float]]
    /// A logit, above 0 where the object is visible (`object_score_logits`).
    package let objectScore: Float
    /// The learned pointer of an object that is not visible, as long as the others.
    package let noObjectPointer: [Float]

    /// `masks`, `ious` and `pointers` have the same count.
    package init(
        masks: [[Float]],
        ious: [Float],
        pointers: [[Float]],
        objectScore: Float,
        noObjectPointer: [Float]
    ) {
        self.masks = masks
        self.ious = ious
        self.pointers = pointers
        self.objectScore = objectScore
        self.noObjectPointer = noObjectPointer
    }
}
