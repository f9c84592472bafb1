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
    package let scores: [Float]
    /// For each mask, what the object looks like, in short.
    package let pointers: [[Float]]
    /// Above 0 where the object is there.
    package let presence: Float
    /// The pointer to an object that is not there.
    package let absent: [Float]

    /// Puts it together; `masks`, `scores` and `pointers` are as many.
    package init(
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
