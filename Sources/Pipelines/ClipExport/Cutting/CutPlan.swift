import Media

/// One clip, down to the picture and the sample.
package struct CutPlan: Sendable {
    /// The video.
    package let source: MediaSource
    /// How it is cut.
    package let settings: CutSettings
    /// The time stamp that was asked for, in microseconds.
    let asked: Int
    /// Time stamp of the first picture, in the stream's time base.
    let firstTimestamp: Int
    /// Where ffmpeg has to jump to, in microseconds of the file's time stamps; nil for its start.
    let jump: Int?
    /// How many pictures.
    package let frameCount: Int
    /// Pictures per second.
    package let frameRate: Rational
    /// How pictures get their places.
    let placing: Placing
    /// The sound, nil for none.
    package let audio: AudioPlan?
    /// Crop and scale.
    let shape: FrameGeometry

    /// How pictures get their places. All times are in microseconds.
    enum Placing: Sendable, Equatable {
        /// The source's pictures are taken one by one, each moved a little and then to the
        /// nearest place.
        case each(shift: Int)
        /// Picture k is the one that the source shows k / rate seconds after the first, where
        /// times may be off by the tolerance.
        case shown(tolerance: Int)
    }

    /// Columns and rows of the clip.
    package var size: (width: Int, height: Int) { (shape.result.width, shape.result.height) }

    /// When the first picture is shown, in nanoseconds from the start of the file.
    package var start: Int {
        let stamp =
            Int128(firstTimestamp) * Int128(source.timeBase.numerator) * 1_000_000_000
            / Int128(source.timeBase.denominator)
        return max(0, Int(clamping: stamp - Int128(source.origin) * 1000))
    }

    /// Length of the picture in seconds.
    package var duration: Double { Double(frameCount) / frameRate.value }

    /// When the first picture is shown, in microseconds of the file's time stamps.
    var startTimestamp: Int { TimestampClock(source).microseconds(firstTimestamp) }

    /// When the last picture is over, in microseconds of the file's time stamps.
    var endTimestamp: Int { startTimestamp + Int((duration * 1e6).rounded(.up)) }
}
