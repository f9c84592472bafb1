import Media

/// Everything about a clip but what it is cut out of, and where it goes.
package struct CutSettings: Sendable, Equatable, Codable {
    /// What the pictures are written as.
    package enum Form: String, Sendable, Codable, CaseIterable {
        /// A film with its sound.
        case film
        /// One file for each picture, in a folder, and the sound beside it.
        case webp, png
    }

    /// What becomes of the sound.
    package enum Sound: String, Sendable, Codable, CaseIterable {
        case aac, pcm, none
    }

    /// Which program's H.264 is wanted.
    package enum Encoder: String, Sendable, Codable, CaseIterable {
        case auto, x264, nvenc, vaapi, qsv
    }

    /// Length in seconds.
    package var duration = Rational(8)
    /// The name of the preset that some values come from.
    package var preset: String?
    /// Pictures per second; nil for the source's average.
    package var frameRate: Rational?
    /// The number of pictures is one more than a multiple of this; 1 for any number.
    package var frameStep = 1
    /// Pixels of the shorter side; nil to leave the size.
    package var shortSide: Int?
    /// Width by height that the picture is cropped to; nil to leave it.
    package var crop: Rational?
    /// Where the crop lies in what is left over, from 0 (left, top) to 1 (right, bottom).
    package var cropCenter = 0.5
    /// Both sides become multiples of this.
    package var sideMultiple = 2
    /// What the pictures are written as.
    package var form = Form.film
    /// What becomes of the sound.
    package var sound = Sound.aac
    /// Which of the sound streams, from 0; nil for the one that players take.
    package var soundStream: Int?
    /// Samples per second; nil for the source's.
    package var sampleRate: Int?
    /// 1 or 2; nil for the source's.
    package var channels: Int?
    /// Which encoder.
    package var encoder = Encoder.auto
    /// The quality, from 0 (lossless) to 51.
    package var crf = 18
    /// How hard x264 tries.
    package var effort = "medium"
    /// Whether a clip may be shorter where the source ends.
    package var allowsShort = false

    /// The settings that nobody has changed.
    package init() {}

    /// Takes over what a reader wants.
    package mutating func apply(_ preset: ClipPreset) {
        self.preset = preset.name
        duration = preset.duration
        frameRate = preset.frameRate ?? frameRate
        sampleRate = preset.sampleRate ?? sampleRate
        frameStep = preset.frameStep
        sideMultiple = preset.sideMultiple
    }

    /// What x264 calls its presets.
    package static let efforts = [
        "ultrafast", "superfast", "veryfast", "faster", "fast", "medium", "slow", "slower",
        "veryslow",
    ]
}
