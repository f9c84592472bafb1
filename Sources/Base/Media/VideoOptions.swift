/// How a video is read, where the file alone does not decide it. The same options give the same
/// frames to clips, masks and previews.
package struct VideoOptions: Sendable, Equatable, Codable {
    /// The number of a video stream, counted from 0 among the video streams; nil for the one that
    /// the file marks as default.
    package var stream: Int?
    /// What becomes of interlaced frames.
    package var deinterlacing = Deinterlacing.auto
    /// Frames per second of a folder of images; nil for those that the folder says, else 25.
    /// Ignored for video files.
    package var imageRate: Rational?

    package init() {}
}

/// What becomes of interlaced frames. Every choice but `telecine` keeps the number of frames.
package enum Deinterlacing: String, Sendable, Codable, CaseIterable {
    /// Frames that are marked interlaced are deinterlaced, others left alone.
    case auto
    /// All frames are deinterlaced.
    case on
    /// No frame is.
    case off
    /// Film that was telecined: the fields of its frames are joined again, doubled frames dropped.
    case telecine
}
