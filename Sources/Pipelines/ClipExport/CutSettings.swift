import DatasetProfiles
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

    /// One channel of two.
    package enum Channel: String, Sendable, Codable, CaseIterable {
        case left, right
    }

    /// Which H.264 encoder to use.
    package enum Encoder: String, Sendable, Codable, CaseIterable {
        case auto, x264, nvenc, vaapi, qsv
    }

    /// How the source is read.
    package var video = VideoOptions()
    /// Length in seconds.
    package var duration = Rational(8)
    /// The name of the applied target profile.
    package var profile: String?
    /// Frames per second; nil for the source's average.
    package var frameRate: Rational?
    /// The frame count is one more than a multiple of this; 1 for any count.
    package var frameStep = 1
    /// Whether the last frame begins at the end of `duration` or later, and does not end there.
    package var reachesEnd = false
    /// The exact size and frame count; nil for those that the other settings give.
    package var bucket: Bucket?
    /// Pixels of the shorter side; nil to leave the size.
    package var shortSide: Int?
    /// Aspect ratio (width by height) to crop to; nil for no crop.
    package var crop: Rational?
    /// Position of the crop, from 0 (left or top) to 1 (right or bottom).
    package var cropCenter = 0.5
    /// The part of the upright source that is taken, whatever `crop` is; nil where that decides.
    package var part: FramePart?
    /// Where `part` is on each frame, if it moves; nil where it stays.
    package var path: CropPath?
    /// What the cropped frame is scaled to, before sides are rounded down; nil where the bucket or
    /// `shortSide` decides.
    package var size: FrameSize?
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
    /// The channel of the stereo mix that is taken, if it is only one.
    package var channel: Channel?
    /// The H.264 encoder.
    package var encoder = Encoder.auto
    /// Constant rate factor, from 0 (lossless) to 51.
    package var crf = 18
    /// The x264 preset.
    package var effort = "medium"
    /// How many threads encode, which decides the bytes; nil for what the machine's cores give.
    package var encoderThreads: Int?
    /// Whether a clip may be shorter where the source ends.
    package var allowsShort = false

    package init() {}

    /// Applies a target profile.
    package mutating func apply(_ profile: DatasetProfile) {
        guard let rule = profile.clip else { return }
        self.profile = profile.name
        duration = rule.duration ?? duration
        frameRate = rule.frameRate ?? frameRate
        sampleRate = rule.sampleRate ?? sampleRate
        frameStep = rule.frameStep
        reachesEnd = rule.duration != nil || reachesEnd
        sideMultiple = rule.sideMultiple
        bucket = nil
    }

    /// Makes clips of exactly this size and frame count.
    package mutating func apply(_ bucket: Bucket, at rate: Rational) {
        self.bucket = bucket
        duration = bucket.duration(at: rate) ?? duration
        frameRate = rate
        (shortSide, crop, allowsShort) = (nil, nil, false)
    }

    /// The frame count of a clip at this rate, in fps.
    package func frameCount(at rate: Rational) -> Int {
        if let bucket { return bucket.frameCount }
        let count = CutLength.frames(in: duration, at: rate) + (reachesEnd ? 1 : 0)
        return (count - 1 + frameStep - 1) / frameStep * frameStep + 1
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
        video = try values.decodeIfPresent(VideoOptions.self, forKey: .video) ?? VideoOptions()
        duration = try values.decode(Rational.self, forKey: .duration)
        profile =
            try values.decodeIfPresent(String.self, forKey: .profile)
            ?? earlier.decodeIfPresent(String.self, forKey: .preset)
        frameRate = try values.decodeIfPresent(Rational.self, forKey: .frameRate)
        frameStep = try values.decode(Int.self, forKey: .frameStep)
        // Clips of earlier versions are cut again as their target needs them.
        reachesEnd = try values.decodeIfPresent(Bool.self, forKey: .reachesEnd) ?? (profile != nil)
        bucket = try values.decodeIfPresent(Bucket.self, forKey: .bucket)
        shortSide = try values.decodeIfPresent(Int.self, forKey: .shortSide)
        crop = try values.decodeIfPresent(Rational.self, forKey: .crop)
        cropCenter = try values.decode(Double.self, forKey: .cropCenter)
        part = try values.decodeIfPresent(FramePart.self, forKey: .part)
        path = try values.decodeIfPresent(CropPath.self, forKey: .path)
        size = try values.decodeIfPresent(FrameSize.self, forKey: .size)
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
        channel = try values.decodeIfPresent(Channel.self, forKey: .channel)
        encoder = try values.decode(Encoder.self, forKey: .encoder)
        crf = try values.decode(Int.self, forKey: .crf)
        effort = try values.decode(String.self, forKey: .effort)
        encoderThreads = try values.decodeIfPresent(Int.self, forKey: .encoderThreads)
        allowsShort = try values.decode(Bool.self, forKey: .allowsShort)
    }
}
