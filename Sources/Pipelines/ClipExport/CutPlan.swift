import Media

/// One clip, exact to the frame and the sample.
package struct CutPlan: Sendable {
    package let source: MediaSource
    package let settings: CutSettings
    /// The requested timestamp, in microseconds.
    let requested: Int
    /// Timestamp of the first frame in the file, in the stream's time base.
    let firstTimestamp: Int
    /// The timestamp that it has when ffmpeg cuts.
    let cutTimestamp: Int
    /// The number of the first frame, where the clip is cut by numbers: it is then counted from the
    /// first frame that can be decoded; nil where timestamps lead to it.
    let firstNumber: Int?
    /// How ffmpeg has to read the file.
    let reading: FrameTimes.Reading
    package let frameCount: Int
    /// In fps.
    package let frameRate: Rational
    let placing: Placing
    /// Frames that are shown twice or not at all; nil where each is shown once.
    package let uneven: UnevenFrames?
    /// Nil for no audio.
    package let audio: AudioPlan?
    package let geometry: FrameGeometry
    /// When the source's frames are shown, and the place of the clip's first one in that.
    let times: (frames: FrameTimes, first: Int)

    /// How frames of the source become frames of the clip. All times are in microseconds.
    enum Placing: Sendable, Equatable {
        /// The source's frames are taken one by one, each moved a little and then to the nearest
        /// place.
        case each(shift: Int)
        /// The source's frames are taken one by one, whatever their times.
        case numbered
        /// Frame k is the one that the source shows k / rate seconds after the first, where
        /// times may be off by the tolerance.
        case shown(tolerance: Int)
    }

    /// Columns and rows of the clip.
    package var size: FrameSize { geometry.size }

    /// The frames of the source that a clip shows which begins with the same one.
    ///
    /// - Parameters:
    ///   - count: how many frames the clip has.
    ///   - rate: its frame rate in fps.
    /// - Returns: for each of them, how many frames of the source are between the first one and it.
    package func shown(_ count: Int, at rate: Rational) -> [Int] {
        FramePlacement(source, times.frames, place: times.first, count: count, rate: rate).shown
    }

    /// When the first frame is shown, in nanoseconds from the start of the file.
    package var start: Int {
        let timestamp =
            Int128(firstTimestamp) * Int128(source.timeBase.numerator) * 1_000_000_000
            / Int128(source.timeBase.denominator)
        return max(0, Int(clamping: timestamp - Int128(source.origin) * 1000))
    }

    /// Length of the video in seconds.
    package var duration: Double { Double(frameCount) / frameRate.value }

    /// When the last frame is over, in microseconds of the timestamps that ffmpeg sees.
    var endTimestamp: Int {
        TimestampClock(source).microseconds(cutTimestamp) + Int((duration * 1e6).rounded(.up))
    }

    /// Microseconds from the requested time to the first frame; 0 where one is shown at that time.
    package var lateStart: Int {
        let start = TimestampClock(source).microseconds(firstTimestamp)
        return firstTimestamp > TimestampClock(source).timestamp(shownAt: requested)
            ? start - requested : 0
    }

    /// The requested start in nanoseconds from the start of the file.
    package var requestedStart: Int { max(0, requested - source.origin) * 1000 }
}

/// The audio of a clip.
package struct AudioPlan: Sendable, Equatable {
    package let stream: AudioStream
    /// Number of the first sample at the source's sample rate.
    let firstSample: Int
    /// Samples per channel of the clip.
    package let sampleCount: Int
    /// Sample rate of the clip in Hz.
    package let sampleRate: Int
    /// The channels of the source, as far as a clip can have them.
    let sourceLayout: AudioLayout
    /// The channels of the clip.
    package let layout: AudioLayout
    /// The channel of the stereo mix that the clip consists of; nil for all.
    let channel: CutSettings.Channel?
    /// Whether what will load the clip mixes its channels to one.
    let isHeardAsMono: Bool

    /// The sample rates of AAC.
    private static let aacRates = [
        96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025,
        8000, 7350,
    ]

    /// The sample rate that audio is written with.
    static func rate(_ wanted: Int, as audio: CutSettings.Audio) -> Int {
        guard audio == .aac, !aacRates.contains(wanted) else { return wanted }
        return aacRates.last { $0 > wanted } ?? aacRates[0]
    }

    /// The channels of the source, as far as they can be written.
    static func layout(_ stream: AudioStream, _ settings: CutSettings) -> AudioLayout {
        let layout = AudioLayout(nearest: stream.layout, channels: stream.channels)
        // Matroska has no layout for PCM.
        let isNamed = settings.form != .video || settings.audio != .pcm
        return isNamed || layout.isUsual ? layout : .stereo
    }

    /// Whether channels are lost, or mixed with others.
    var mixes: Bool { layout.channels < max(sourceLayout.channels, stream.channels) }
}

/// Converts timestamps of a video stream to microseconds and back.
struct TimestampClock: Sendable {
    private let numerator: Int128
    private let denominator: Int128

    /// Microseconds by which a time may be too early.
    private let tolerance: Int

    init(_ source: MediaSource) {
        numerator = Int128(source.timeBase.numerator) * 1_000_000
        denominator = Int128(source.timeBase.denominator)
        // The clock of broadcasts has steps of 11 µs, and zero is the time of another stream.
        tolerance = ["mpegts", "mpeg"].contains(source.container) ? 25 : 2
    }

    /// A timestamp in microseconds, rounded to the nearest.
    func microseconds(_ timestamp: Int) -> Int {
        let value = Int128(timestamp) * numerator
        let half = value >= 0 ? denominator / 2 : -denominator / 2
        return Int(clamping: (value + half) / denominator)
    }

    /// The last timestamp that counts as no later than a time. Times in microseconds were rounded,
    /// some of them twice: one that was rounded down still means its frame.
    func timestamp(shownAt microseconds: Int) -> Int {
        let value = Int128(microseconds + tolerance) * denominator
        let quotient = value / numerator
        return Int(clamping: value % numerator < 0 ? quotient - 1 : quotient)
    }

    /// How long one step of the time base is, in microseconds, rounded up.
    var step: Int { Int(clamping: (numerator + denominator - 1) / denominator) }
}
