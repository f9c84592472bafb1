/// The limits of what is read from a folder of masks, which others may have made. What 8cut writes
/// is far below them.
package enum MaskLimits {
    /// Bytes of `masks.json`: about 500 for each frame of ten objects, for ten hours of video.
    package static let manifestBytes = 512 << 20
    /// Bytes of a journal, which is a little smaller than the manifest that it becomes.
    package static let journalBytes = manifestBytes
    /// Bytes of a record in the journal. One of 255 objects has 20,000.
    package static let recordBytes = 1 << 16
    /// Frames of a video: a week at 30 frames per second.
    package static let frames = 20_000_000
    /// Columns and rows of a frame, as in PNG files that are read.
    package static let side = 1 << 16
    /// Seconds from the start of a video, in either direction: 30 years.
    package static let seconds = 1e9
    /// Scores of a frame: four for each of 255 objects.
    package static let scores = 1024
    /// Auxiliary folders: one for each of 255 objects.
    package static let auxiliaryFolders = 256
    /// Settings of a method.
    package static let settings = 100
    /// Bytes of what is wrong with a video, and of prompts that were found.
    package static let textBytes = 1 << 16
    /// Bytes of a state from which a method resumes.
    package static let stateBytes = 1 << 30

    /// Bytes of a PNG file. Deflate makes nothing much larger, and metadata is small.
    package static func imageBytes(width: Int, height: Int, bytesPerPixel: Int) -> Int {
        let raw = (width * bytesPerPixel + 1) * height
        return raw + raw / 100 + 1 << 20
    }
}
