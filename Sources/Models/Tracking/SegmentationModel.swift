/// What the tracker asks of a model. SAM 2 answers with graphs, tests with arithmetic.
package protocol SegmentationModel: Sendable {
    /// What is known of a frame by itself; computed once, whatever is asked of the frame.
    associatedtype Features: Sendable
    /// The same with what is remembered, as the mask decoder takes it.
    associatedtype Conditioned: Sendable

    /// What the tracker must know of the model.
    var traits: TrackingTraits { get }
    /// Features without anything added.
    func unconditioned(_ features: Features) -> Conditioned
    /// Features of a frame that nothing came before.
    func initial(_ features: Features) -> Conditioned
    /// Features with what is remembered.
    func attend(_ features: Features, to memories: MemorySelection) async throws -> Conditioned
    /// Masks of a frame, for what it is prompted with.
    func decode(
        _ conditioned: Conditioned,
        of features: Features,
        for prompt: DecoderPrompt
    ) async throws -> DecodedMasks
    /// A memory of a frame and its mask: logits, `traits.imageSize` squared.
    func encodeMemory(
        _ features: Features,
        mask: [Float],
        isAbsent: Bool
    ) async throws -> SpatialMemory
}

/// What the tracker must know of a model.
package struct TrackingTraits: Sendable, Equatable {
    /// Rows and columns of the model's input, in pixels.
    package var imageSize: Int
    /// Rows and columns of the decoder's masks.
    package var maskSize: Int
    /// How many memories there are at a time besides those of other prompted frames.
    package var memories: Int
    /// How many of these are attended to; no more than `memories`.
    package var attendedMemories: Int
    /// How many pointers there are at a time, besides the same.
    package var pointers: Int
    /// How many prompted frames are remembered at a time; nil for all.
    package var conditioningFrames: Int?
    /// With how many points there are several masks to choose from; nil for never.
    package var multimaskPoints: ClosedRange<Int>?
    /// Whether there are also on frames that are not the first.
    package var multimaskForTracking: Bool
    /// When the single mask gives way to the best of several; nil for never: how far the
    /// threshold is moved up and down, and the least part that both areas must have in common.
    package var stability: (delta: Float, threshold: Float)?

    /// Puts them together.
    package init(
        imageSize: Int,
        maskSize: Int,
        memories: Int,
        attendedMemories: Int? = nil,
        pointers: Int,
        conditioningFrames: Int? = nil,
        multimaskPoints: ClosedRange<Int>? = 0...1,
        multimaskForTracking: Bool = true,
        stability: (delta: Float, threshold: Float)? = (0.05, 0.98)
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
    }

    /// Whether both are the same.
    package static func == (left: TrackingTraits, right: TrackingTraits) -> Bool {
        left.imageSize == right.imageSize && left.maskSize == right.maskSize
            && left.memories == right.memories
            && left.attendedMemories == right.attendedMemories && left.pointers == right.pointers
            && left.conditioningFrames == right.conditioningFrames
            && left.multimaskPoints == right.multimaskPoints
            && left.multimaskForTracking == right.multimaskForTracking
            && left.stability?.delta == right.stability?.delta
            && left.stability?.threshold == right.stability?.threshold
    }
}

/// What a frame is prompted with, in the model's own measures.
package struct DecoderPrompt: Sendable, Equatable {
    /// What a point stands for.
    package enum Kind: Int, Sendable {
        case negative, positive, upperLeft, lowerRight
    }

    /// A point, or a corner of a box.
    package struct Point: Sendable, Equatable {
        /// Column as a part of the picture's width, 0…1.
        package let x: Float
        /// Row as a part of the picture's height, 0…1.
        package let y: Float
        /// What it stands for.
        package let kind: Kind

        /// Puts it together.
        package init(x: Float, y: Float, kind: Kind) {
            self.x = x
            self.y = y
            self.kind = kind
        }
    }

    /// A mask.
    package enum Mask: Sendable, Equatable {
        /// As the decoder makes them: `TrackingTraits.maskSize` squared.
        case logits([Float])
        /// As a user gives it, 0 and 1: `TrackingTraits.imageSize` squared.
        case object([Float])
    }

    /// Points and corners of a box, those of the box first.
    package var points: [Point]
    /// A mask, nil for none.
    package var mask: Mask?

    /// Puts it together.
    package init(points: [Point] = [], mask: Mask? = nil) {
        self.points = points
        self.mask = mask
    }
}

/// What the decoder makes of a frame: the single mask, and then several to choose from.
package struct DecodedMasks: Sendable {
    /// Logits, `TrackingTraits.maskSize` squared each; above 0 is object.
    package let masks: [[Float]]
    /// How good each mask is, as the model predicts it: its intersection over union, 0…1.
    package let ious: [Float]
    /// For each mask, what the object looks like, in short.
    package let pointers: [[Float]]
    /// Above 0 where the object is there.
    package let objectScore: Float
    /// The pointer to an object that is not there.
    package let noObjectPointer: [Float]

    /// Puts it together; `masks`, `ious` and `pointers` are as many.
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
