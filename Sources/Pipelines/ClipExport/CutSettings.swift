import Media

/// How a clip is cut: everything but its source and its destination.
package struct CutSettings: Sendable, Equatable, Codable {
    /// What a clip is written as.
    package enum Form: String, Sendable, Codable, CaseIterable {
        /// One file with video and audio.
        case video
        /// An image sequence in a folder, and a WAV file beside it.
        case webp, png
    }

    /// How the audio is written.
    package enum Audio: String, Sendable, Codable, CaseIterable {
        case aac, pcm, none
    }

    /// Which H.264 encoder to use.
    package enum Encoder: String, Sendable, Codable, CaseIterable {
        case auto, x264, nvenc, vaapi, qsv
    }

    /// Length in seconds.
    package var duration = Rational(8)
    /// The name of the applied target profile.
    package var profile: String?
    /// Frames per second; nil for the source's average.
    package var frameRate: Rational?
    /// The frame count is one more than a multiple of this; 1 for any count.
    package var frameStep = 1
    /// Pixels of the shorter side; nil to leave the size.
    package var shortSide: Int?
    /// Aspect ratio (width by height) to crop to; nil for no crop.
    package var crop: Rational?
    /// Position of the crop, from 0 (left or top) to 1 (right or bottom).
    package var cropCenter = 0.5
    /// Width and height are rounded down to multiples of this.
    package var sideMultiple = 2
    /// What the clip is written as.
    package var form = Form.video
    /// How the audio is written.
    package var audio = Audio.aac
    /// Audio stream, counted from 0; nil for the default stream.
    package var audioStream: Int?
    /// Sample rate in Hz; nil for the source's.
    package var sampleRate: Int?
    /// Number of audio channels, 1 or 2; nil for the source's.
    package var channels: Int?
    /// The H.264 encoder.
    package var encoder = Encoder.auto
    /// Constant rate factor, from 0 (lossless) to 51.
    package var crf = 18
    /// The x264 preset.
    package var effort = "medium"
    /// Whether a clip may be shorter where the source ends.
    package var allowsShort = false

    package init() {}

    /// Applies a target profile.
    package mutating func apply(_ profile: ExportProfile) {
        self.profile = profile.name
        duration = profile.duration
        frameRate = profile.frameRate ?? frameRate
        sampleRate = profile.sampleRate ?? sampleRate
        frameStep = profile.frameStep
        sideMultiple = profile.sideMultiple
    }

    /// The x264 presets.
    package static let efforts = [
        "ultrafast", "superfast", "veryfast", "faster", "fast", "medium", "slow", "slower",
        "veryslow",
    ]
}

extension CutSettings {
    /// Keys and values of libraries written before they were renamed.
    private enum EarlierKey: String, CodingKey {
        case preset, sound, soundStream
    }

    package init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        let earlier = try decoder.container(keyedBy: EarlierKey.self)
        duration = try values.decode(Rational.self, forKey: .duration)
        profile =
            try values.decodeIfPresent(String.self, forKey: .profile)
            ?? earlier.decodeIfPresent(String.self, forKey: .preset)
        frameRate = try values.decodeIfPresent(Rational.self, forKey: .frameRate)
        frameStep = try values.decode(Int.self, forKey: .frameStep)
        shortSide = try values.decodeIfPresent(Int.self, forKey: .shortSide)
        crop = try values.decodeIfPresent(Rational.self, forKey: .crop)
        cropCenter = try values.decode(Double.self, forKey: .cropCenter)
        sideMultiple = try values.decode(Int.self, forKey: .sideMultiple)
        let form = try values.decode(String.self, forKey: .form)
        self.form = form == "film" ? .video : try values.decode(Form.self, forKey: .form)
        audio =
            try values.decodeIfPresent(Audio.self, forKey: .audio)
            ?? earlier.decode(Audio.self, forKey: .sound)
        audioStream =
            try values.decodeIfPresent(Int.self, forKey: .audioStream)
            ?? earlier.decodeIfPresent(Int.self, forKey: .soundStream)
        sampleRate = try values.decodeIfPresent(Int.self, forKey: .sampleRate)
        channels = try values.decodeIfPresent(Int.self, forKey: .channels)
        encoder = try values.decode(Encoder.self, forKey: .encoder)
        crf = try values.decode(Int.self, forKey: .crf)
        effort = try values.decode(String.self, forKey: .effort)
        allowsShort = try values.decode(Bool.self, forKey: .allowsShort)
    }
}

/// Frame and sample counts of a length. All of it is exact: no floating point.
package enum CutLength {
    /// ceil(duration × rate), at least 1.
    ///
    /// - Parameters:
    ///   - duration: in seconds.
    ///   - rate: frame rate in fps.
    /// - Returns: the frame count.
    package static func frames(in duration: Rational, at rate: Rational) -> Int {
        ceiling(
            Int128(duration.numerator) * Int128(rate.numerator),
            Int128(duration.denominator) * Int128(rate.denominator)
        )
    }

    /// The least number of samples that lasts as long as some frames.
    ///
    /// - Parameters:
    ///   - frames: the frame count.
    ///   - rate: frame rate in fps.
    ///   - sampleRate: sample rate in Hz.
    /// - Returns: the number of samples per channel.
    package static func samples(covering frames: Int, at rate: Rational, sampleRate: Int) -> Int {
        ceiling(
            Int128(frames) * Int128(rate.denominator) * Int128(sampleRate),
            Int128(rate.numerator)
        )
    }

    /// The least number of samples that lasts a time.
    ///
    /// - Parameters:
    ///   - duration: in seconds.
    ///   - sampleRate: sample rate in Hz.
    /// - Returns: the number of samples per channel.
    package static func samples(in duration: Rational, sampleRate: Int) -> Int {
        ceiling(Int128(duration.numerator) * Int128(sampleRate), Int128(duration.denominator))
    }

    private static func ceiling(_ numerator: Int128, _ denominator: Int128) -> Int {
        max(1, Int(clamping: (numerator + denominator - 1) / denominator))
    }
}

/// The constant frame rate of a clip.
package enum FrameRate {
    /// The usual rates of cameras and programs.
    private static let usual: [(Int, Int)] = [
        (24000, 1001), (24, 1), (25, 1), (30000, 1001), (30, 1), (48, 1), (50, 1), (60000, 1001),
        (60, 1), (100, 1), (120_000, 1001), (120, 1), (12, 1), (15, 1), (10, 1), (240, 1),
    ]

    /// The average rate of a video. Where it is within a thirtieth of a percent of a usual one,
    /// the difference is due to the rounding of times, and it is that one.
    ///
    /// - Returns: the frame rate in fps; nil when the file has none.
    package static func average(of video: VideoStream) -> Rational? {
        guard let average = video.frameRate, (0.01...1000).contains(average.value) else {
            return nil
        }
        let near = usual.compactMap { Rational($0.0, $0.1) }.min {
            abs($0.value - average.value) < abs($1.value - average.value)
        }
        if let near, abs(near.value / average.value - 1) < 0.0003 { return near }
        // Encoders need small numbers.
        guard average.numerator > 1_000_000 || average.denominator > 100_000 else {
            return average
        }
        return Rational(Int((average.value * 1000).rounded()), 1000)
    }

    /// Reads `25`, `29.97`, `23.976` or `30000/1001`; nil unless that is a rate of 1 to 240.
    package static func parse(_ text: String) -> Rational? {
        let rate: Rational?
        if let fraction = Rational(text) {
            rate = fraction
        } else if let nanoseconds = ClipStart.nanoseconds(text), !text.contains(exactly: ":") {
            let value = Double(nanoseconds) / 1e9
            // "29.97" means 30000/1001.
            let ntsc = usual.filter { $0.1 == 1001 }.compactMap { Rational($0.0, $0.1) }
                .first { abs($0.value - value) < 0.002 }
            rate = ntsc ?? Rational(nanoseconds / 1_000_000, 1000)
        } else {
            rate = nil
        }
        guard let rate, (1...240).contains(rate.value), rate.numerator < 10_000_000 else {
            return nil
        }
        return rate
    }
}
