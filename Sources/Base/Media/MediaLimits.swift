import Imaging

/// The limits of what is read from media files, which others may have made. They keep a small file
/// from taking up all memory or all time.
package enum MediaLimits {
    /// Pixels of a frame: twice those of 8K.
    package static let pixels = PNG.maximumPixels
    /// Columns or rows of a frame. FFmpeg decodes nothing longer.
    package static let side = 32_768
    /// Streams of a file: each costs ffmpeg some megabytes.
    package static let streams = 128
    /// Seconds that a time can be away from 0, and a duration can be long: 300 years. There are
    /// files whose times count from 1970.
    package static let seconds = 1e10
    /// Bytes that ffprobe may write.
    static let reportBytes = 16 << 20
    /// Packets of a video whose times are kept: a week at 60 fps.
    static let packets = 40_000_000
    /// How long ffprobe may take to find out what is in a file.
    static let probeTime = Duration.seconds(60)
    /// The largest numerator or denominator that FFmpeg has.
    private static let fraction = Int(Int32.max)

    /// Whether FFmpeg can have such a fraction.
    static func allows(_ value: Rational) -> Bool {
        value.numerator <= fraction && value.denominator <= fraction
    }

    static let pixelsText = "its frames have more than \(pixels / 1_000_000) million pixels"
    static let streamsText = "it has more than \(streams) streams"
}
