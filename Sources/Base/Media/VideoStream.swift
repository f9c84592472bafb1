/// What is known about a video stream before it is decoded.
package struct VideoStream: Sendable, Equatable {
    /// Number of the stream in the file.
    package let index: Int
    /// FFmpeg's name of the codec.
    package let codec: String
    /// Columns of the picture as it is stored, turned upright. Pixels that are not square are
    /// not stretched.
    package let width: Int
    /// Rows of the picture as it is stored, turned upright.
    package let height: Int
    /// Average frames per second.
    package let frameRate: Rational?
    /// Length in seconds, of the stream or else of the whole file.
    package let duration: Double?
    /// Length in seconds of the stream alone, where the container tells it and ffmpeg does not
    /// check it by itself.
    package let streamDuration: Double?
    /// How many frames the container promises. Containers lie: hidden frames count, and so do
    /// those that edit lists cut away.
    package let declaredFrames: Int?
    /// How the picture must be tone-mapped to look right on an ordinary screen; nil for one that
    /// is made for such screens.
    package let toneMapping: ToneMapping?
    /// Whether the file has a sound stream.
    package let hasAudio: Bool

    /// How many frames there will be, as far as can be known before decoding.
    package var estimatedFrames: Int? {
        if let declaredFrames, declaredFrames > 0, declaredFrames < 1_000_000_000 {
            return declaredFrames
        }
        guard let duration, let frameRate else { return nil }
        let count = (duration * frameRate.value).rounded()
        return count >= 1 && count < 1e9 ? Int(count) : nil
    }
}
