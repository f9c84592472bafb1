import Media

/// Everything about a clip but what it is cut out of, and where it goes.
public struct CutSettings: Sendable, Equatable, Codable {
    /// What the pictures are written as.
    public enum Form: String, Sendable, Codable, CaseIterable {
        /// A film with its sound.
        case film
        /// One file for each picture, in a folder, and the sound beside it.
        case webp, png
    }

    /// What becomes of the sound.
    public enum Sound: String, Sendable, Codable, CaseIterable {
        case aac, pcm, none
    }

    /// Which program's H.264 is wanted.
    public enum Encoder: String, Sendable, Codable, CaseIterable {
        case auto, x264, nvenc, vaapi, qsv
    }

    /// Length in seconds.
    public var duration = Rational(8)
    /// The name of the preset that some values come from.
    public var preset: String?
    /// Pictures per second; nil for the source's average.
    public var frameRate: Rational?
    /// The number of pictures is one more than a multiple of this; 1 for any number.
    public var frameStep = 1
    /// Pixels of the shorter side; nil to leave the size.
    public var shortSide: Int?
    /// Width by height that the picture is cropped to; nil to leave it.
    public var crop: Rational?
    /// Where the crop lies in what is left over, from 0 (left, top) to 1 (right, bottom).
    public var cropCenter = 0.5
    /// Both sides become multiples of this.
    public var sideMultiple = 2
    /// What the pictures are written as.
    public var form = Form.film
    /// What becomes of the sound.
    public var sound = Sound.aac
    /// Which of the sound streams, from 0; nil for the one that players take.
    public var soundStream: Int?
    /// Samples per second; nil for the source's.
    public var sampleRate: Int?
    /// 1 or 2; nil for the source's.
    public var channels: Int?
    /// Which encoder.
    public var encoder = Encoder.auto
    /// The quality, from 0 (lossless) to 51.
    public var crf = 18
    /// How hard x264 tries.
    public var effort = "medium"
    /// Whether a clip may be shorter where the source ends.
    public var allowsShort = false

    /// The settings that nobody has changed.
    public init() {}

    /// Takes over what a reader wants.
    public mutating func apply(_ preset: ClipPreset) {
        self.preset = preset.name
        duration = preset.duration
        frameRate = preset.frameRate ?? frameRate
        sampleRate = preset.sampleRate ?? sampleRate
        frameStep = preset.frameStep
        sideMultiple = preset.sideMultiple
    }

    /// What x264 calls its presets.
    public static let efforts = [
        "ultrafast", "superfast", "veryfast", "faster", "fast", "medium", "slow", "slower",
        "veryslow",
    ]
}
