/// How far the engines agree about one frame.
package struct FrameComparison: Sendable, Equatable, Codable {
    /// Number of the frame.
    package let frame: Int
    /// Intersection over union of the two masks, 1 when both are empty.
    package let maskOverlap: Double
    /// With a depth model: the largest difference of depth, divided by the range of the
    /// reference's. The native engine's is read from 16-bit pictures, so it is not below 8e-6 or
    /// so.
    package let depthError: Double?
    /// With SAM 2: how far they agree about each object.
    package let objects: [ObjectComparison]?

    /// The least overlap, of the frame's mask and of each object's.
    var leastOverlap: Double {
        (objects ?? []).reduce(maskOverlap) { min($0, $1.maskOverlap) }
    }

    /// The largest error.
    var mostError: Double { (objects ?? []).reduce(depthError ?? 0) { max($0, $1.logitError) } }
}

/// How far the engines agree about one object on one frame.
package struct ObjectComparison: Sendable, Equatable, Codable {
    /// Number of the object.
    package let object: Int
    /// Intersection over union of its two masks, 1 when both are empty.
    package let maskOverlap: Double
    /// The largest difference of the masks' logits, divided by the range of the reference's over
    /// the whole video, frames where the object is not there left out.
    package let logitError: Double
    /// What the native engine says: above 0 where the object is there.
    package let presence: Double
    /// Whether the reference sees the object.
    package let isThereForReference: Bool

    /// Whether the native engine sees the object.
    var isThere: Bool { presence > 0 }
}
