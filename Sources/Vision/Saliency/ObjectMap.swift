import Imaging

/// Where the object of one frame probably is: a small map that a clip's frames decide together.
package struct ObjectMap: Sendable, Equatable {
    /// Values from this on are object.
    package static let level: UInt8 = 128

    /// Number of the frame, from 0.
    package let frame: Int
    /// The frame's time in seconds.
    package let time: Double?
    /// Columns of the map. Every place stands for the same part of the frame.
    package let width: Int
    /// Rows of the map.
    package let height: Int
    /// The probability that a place is object, 0…255 for 0…1, row by row; from `level` on it is
    /// object.
    package let values: [UInt8]
    /// How far the mask can be trusted, 0…1: an estimate of its IoU with the true object. 0 where
    /// there is no object.
    package let confidence: Float
    /// What black bars leave of the frame, where nothing outside is object; nil is all of it.
    package let content: ContentArea?
    /// How the frame moves; nil where nobody has looked.
    package let motion: FrameMotion?

    package init(
        frame: Int,
        time: Double?,
        width: Int,
        height: Int,
        values: [UInt8],
        confidence: Float,
        content: ContentArea? = nil,
        motion: FrameMotion? = nil
    ) {
        self.frame = frame
        self.time = time
        self.width = width
        self.height = height
        self.values = values
        self.confidence = confidence
        self.content = content
        self.motion = motion
    }
}
