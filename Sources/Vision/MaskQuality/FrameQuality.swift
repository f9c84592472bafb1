/// How far the mask of a frame can be trusted.
package struct FrameQuality: Sendable {
    /// The frame, from 0.
    package let frame: Int
    /// An estimate of the IoU with the true mask, 0…1.
    package let score: Double
    /// What it is made of; a part that cannot be known is missing.
    package let parts: [QualityPart: Double]
}

/// What a method says itself about a mask.
package struct OwnSignals: Sendable {
    /// Its estimate of the IoU, 0…1.
    package var predictedIoU: Double?
    /// Whether it holds that the object is in the frame.
    package var isPresent: Bool?

    package init(predictedIoU: Double? = nil, isPresent: Bool? = nil) {
        (self.predictedIoU, self.isPresent) = (predictedIoU, isPresent)
    }
}
