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

/// The sound of a clip.
package struct AudioPlan: Sendable, Equatable {
    /// The stream that it is cut out of.
    package let stream: AudioStream
    /// Number of the first sample in the source's own count of samples.
    let firstSample: Int
    /// How many samples per channel the clip has.
    package let sampleCount: Int
    /// Samples per second of the clip.
    package let sampleRate: Int
    /// 1 or 2 where that was asked for or has to be; nil to leave the channels.
    let channels: Int?

    /// The rates that AAC knows.
    private static let aacRates = [
        96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025,
        8000, 7350,
    ]

    /// The rate that a sound is written with.
    static func rate(_ wanted: Int, as audio: CutSettings.Audio) -> Int {
        guard audio == .aac, !aacRates.contains(wanted) else { return wanted }
        return aacRates.last { $0 > wanted } ?? aacRates[0]
    }

    /// How many channels are written, nil for as many as there are.
    static func channels(_ stream: AudioStream, _ settings: CutSettings) -> Int? {
        if let channels = settings.channels { return channels }
        switch stream.channels {
        case 1, 2: return stream.channels
        // Formats have names for these only.
        case 3...6, 8: return nil
        default: return 2
        }
    }
}

/// Turns time stamps of a video stream into microseconds and back.
struct TimestampClock: Sendable {
    private let numerator: Int128
    private let denominator: Int128

    init(_ source: MediaSource) {
        numerator = Int128(source.timeBase.numerator) * 1_000_000
        denominator = Int128(source.timeBase.denominator)
    }

    /// A time stamp in microseconds, rounded to the nearest.
    func microseconds(_ stamp: Int) -> Int {
        let value = Int128(stamp) * numerator
        let half = value >= 0 ? denominator / 2 : -denominator / 2
        return Int(clamping: (value + half) / denominator)
    }

    /// The last time stamp that is no later than a time.
    func timestamp(noLaterThan microseconds: Int) -> Int {
        let value = Int128(microseconds) * denominator
        let quotient = value / numerator
        return Int(clamping: value % numerator < 0 ? quotient - 1 : quotient)
    }

    /// How long one step of the time base is, in microseconds, rounded up.
    var step: Int { Int(clamping: (numerator + denominator - 1) / denominator) }
}
