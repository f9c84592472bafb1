import Imaging

/// What the manifest says about one mask.
package struct FrameRecord: Sendable, Equatable, Codable {
    /// Number of the frame, from 0.
    package let frame: Int
    /// Presentation time in seconds.
    package let time: Double?
    /// Part of the picture that the object covers, 0…1, rounded to six digits.
    package let area: Double
    /// The object's bounding box in pixels: left, top, width, height. Nil where there is none.
    package let box: [Int]?
    /// What may be wrong with the mask, nil where nothing is.
    package var flags: [MaskFlag]?
    /// What the method says about the mask, by name.
    package let scores: [String: Double]?

    /// Measures a mask.
    package init(frame: Int, time: Double?, mask: Mask) {
        self.frame = frame
        self.time = time
        let extent = MaskExtent(of: mask.image)
        area = extent.area
        box = extent.box
        scores = mask.scores.isEmpty ? nil : mask.scores
        flags = extent.box == nil ? [.empty] : extent.isFull ? [.full] : nil
    }

    /// Whether a mask that was read back is the one that this record tells of.
    package func describes(_ image: GrayImage) -> Bool {
        let extent = MaskExtent(of: image)
        return extent.area == area && extent.box == box
    }
}

/// What may be wrong with a mask.
package enum MaskFlag: String, Sendable, Codable, CaseIterable {
    /// No pixel is object.
    case empty
    /// Every pixel is object.
    case full
    /// The object is not where it was in the frame before.
    case jump
}
