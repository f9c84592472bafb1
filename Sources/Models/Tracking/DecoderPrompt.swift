/// What a frame is prompted with, in the model's own measures.
public struct DecoderPrompt: Sendable, Equatable {
    /// What a point stands for.
    public enum Kind: Int, Sendable {
        case negative, positive, upperLeft, lowerRight
    }

    /// A point, or a corner of a box.
    public struct Point: Sendable, Equatable {
        /// Column as a part of the picture's width, 0…1.
        public let x: Float
        /// Row as a part of the picture's height, 0…1.
        public let y: Float
        /// What it stands for.
        public let kind: Kind

        /// Puts it together.
        public init(x: Float, y: Float, kind: Kind) {
            self.x = x
            self.y = y
            self.kind = kind
        }
    }

    /// A mask.
    public enum Mask: Sendable, Equatable {
        /// As the decoder makes them: `TrackingTraits.maskSize` squared.
        case logits([Float])
        /// As a user gives it, 0 and 1: `TrackingTraits.imageSize` squared.
        case object([Float])
    }

    /// Points and corners of a box, those of the box first.
    public var points: [Point]
    /// A mask, nil for none.
    public var mask: Mask?

    /// Puts it together.
    public init(points: [Point] = [], mask: Mask? = nil) {
        self.points = points
        self.mask = mask
    }
}

/// What the decoder makes of a frame: the single mask, and then several to choose from.
public struct DecodedMasks: Sendable {
    /// Logits, `TrackingTraits.maskSize` squared each; above 0 is object.
    public let masks: [[Float]]
    /// How good each mask is, as the model predicts it: its intersection over union, 0…1.
    public let scores: [Float]
    /// For each mask, what the object looks like, in short.
    public let pointers: [[Float]]
    /// Above 0 where the object is there.
    public let presence: Float
    /// The pointer to an object that is not there.
    public let absent: [Float]

    /// Puts it together; `masks`, `scores` and `pointers` are as many.
    public init(
        masks: [[Float]],
        scores: [Float],
        pointers: [[Float]],
        presence: Float,
        absent: [Float]
    ) {
        self.masks = masks
        self.scores = scores
        self.pointers = pointers
        self.presence = presence
        self.absent = absent
    }
}
