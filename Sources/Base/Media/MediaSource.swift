import SystemPackage

/// What is known about a file that clips are cut out of.
package struct MediaSource: Sendable, Equatable {
    /// The video.
    package let path: FilePath
    /// Its picture.
    package let video: VideoStream
    /// What the time stamps of the pictures count, in seconds.
    package let timeBase: Rational
    /// The rate that most pictures have, as far as the file tells it.
    package let nominalRate: Rational?
    /// Width of a pixel by its height.
    package let pixelAspect: Rational
    /// Its sound streams, in the order of the file.
    package let audioStreams: [AudioStream]
    /// The time stamp, in microseconds, with which the file begins.
    package let startTime: Int
    /// FFmpeg's name of the container.
    package let container: String

    /// The time stamp, in microseconds, that people call 0: the start of the file. A sound that
    /// begins before 0, because its codec needs a run-up, does not move it.
    package var origin: Int { max(0, startTime) }

    /// Containers whose time stamps are the same after a jump into the middle.
    private static let seekable = [
        "mov,mp4,m4a,3gp,3g2,mj2", "matroska,webm", "mpegts", "flv", "avi", "mxf", "nut", "asf",
    ]

    /// Whether ffmpeg may jump into the middle. The other files are decoded from their start.
    package var canSeek: Bool { Self.seekable.contains(container) }

    /// The sound stream that a player takes.
    package var defaultAudioStream: AudioStream? {
        audioStreams.first(where: \.isDefault) ?? audioStreams.first
    }
}
