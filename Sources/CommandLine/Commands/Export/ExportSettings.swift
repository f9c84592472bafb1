import ArgumentParser
import ClipExport
import DatasetExport
import DatasetProfiles
import Diagnostics
import Media

/// How clips are cut: options in three groups.
struct ExportSettings: ParsableArguments {
    @OptionGroup(title: "Clip") var clip: ExportClipOptions

    @OptionGroup(title: "Video") var video: VideoStreamOptions

    @OptionGroup(title: "Audio") var audio: ExportAudioOptions

    @OptionGroup(title: "Encoding") var encoding: ExportEncodingOptions

    func validate() throws { _ = try cut() }

    /// The settings: those that were given, and for the rest those of `base`.
    func cut(_ base: CutSettings = CutSettings()) throws -> CutSettings {
        var settings = base
        if let name = clip.profile {
            guard let profile = DatasetProfile.named(name), let rule = profile.clip else {
                throw ValidationError("--profile \(name): choose from \(DatasetProfile.clipNames).")
            }
            settings.apply(profile)
            try checkFree(name, rule)
        }
        video.apply(to: &settings.video)
        try clip.apply(to: &settings)
        try clip.applyBucket(to: &settings)
        try audio.apply(to: &settings)
        try encoding.apply(to: &settings)
        return settings
    }

    /// What a profile sets cannot be set otherwise.
    private func checkFree(_ name: String, _ rule: ClipRule) throws {
        let fixed = [
            ("--duration", clip.duration != nil && !rule.isFree),
            ("--fps", clip.fps != nil && rule.frameRate != nil && !rule.isFree),
            ("--audio-rate", audio.audioRate != nil && rule.sampleRate != nil),
        ]
        if let option = fixed.first(where: \.1)?.0 {
            throw ValidationError("--profile \(name) sets that: leave \(option) out.")
        }
    }
}

/// Length, frame rate, frame size and format.
struct ExportClipOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Length of a clip. (default: 8)", valueName: "seconds"))
    var duration: Seconds?

    @Option(
        help: ArgumentHelp(
            "Apply a target profile: \(DatasetProfile.clipNames).",
            valueName: "name"
        )
    )
    var profile: String?

    @Option(
        help: ArgumentHelp(
            "With --profile ltx2: the exact size and frame count, such as 768x448x89. What the "
                + "crop to that shape leaves is scaled.",
            valueName: "WxHxF"
        )
    )
    var bucket: String?

    @Option(
        help: ArgumentHelp(
            "Frame rate, such as 25 or 30000/1001. (default: the average of the video)",
            valueName: "rate"
        )
    )
    var fps: String?

    @Option(
        help: ArgumentHelp("Scale the shorter side to this many pixels.", valueName: "pixels")
    )
    var shortSide: Int?

    @Option(
        help: ArgumentHelp(
            "Crop to an aspect ratio, such as 9:16, 4:5 or 1:1; or, with object, object:MARGIN or "
                + "object:MARGIN:follow, to the object of the masks that the library has of a clip "
                + "with the same start.",
            valueName: "w:h|object"
        )
    )
    var crop: String?

    @Option(
        help: ArgumentHelp(
            "Position of the crop, from 0 (left or top) to 1 (right or bottom). (default: 0.5)",
            valueName: "position"
        )
    )
    var cropCenter: Double?

    @Option(
        help: ArgumentHelp(
            "A video (mp4, the default), or an image for each frame and a WAV file.",
            valueName: "format"
        )
    )
    var format: Format?

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case mp4, webp, png
    }

    @Flag(help: "Allow a shorter clip where the video ends.")
    var allowShort = false

    func apply(to settings: inout CutSettings) throws {
        if let duration {
            guard let length = duration.rational, (0.01...86_400).contains(length.value) else {
                throw ValidationError("--duration must be between 0.01 s and a day.")
            }
            settings.duration = length
        }
        if let fps {
            guard let rate = FrameRate.parse(fps) else {
                throw ValidationError("--fps must be between 1 and 240, such as 25 or 30000/1001.")
            }
            settings.frameRate = rate
        }
        if let shortSide {
            guard try shortSide.checked(in: 16...16_384, named: "--short-side") % 2 == 0 else {
                throw ValidationError("--short-side must be even, not \(shortSide).")
            }
            settings.shortSide = shortSide
        }
        if crop != nil || bucket != nil { (settings.part, settings.path) = (nil, nil) }
        if crop != nil || bucket != nil || shortSide != nil { settings.size = nil }
        if let crop { settings.crop = try objectCrop == nil ? Self.ratio(crop) : nil }
        if let cropCenter {
            guard try objectCrop == nil else {
                throw ValidationError("--crop object has no center: leave --crop-center out.")
            }
            settings.cropCenter = try cropCenter.checked(in: 0...1, named: "--crop-center")
        }
        if let format { settings.form = CutSettings.Form(rawValue: format.rawValue) ?? .video }
        if allowShort { settings.allowsShort = true }
    }

    /// A bucket sets what these options would set otherwise.
    func applyBucket(to settings: inout CutSettings) throws {
        let others = [
            ("--duration", duration != nil), ("--short-side", shortSide != nil),
            ("--crop", try crop != nil && objectCrop == nil), ("--allow-short", allowShort),
        ].filter(\.1)
        guard let bucket else {
            // That of a clip that is exported again.
            guard let known = settings.bucket, let rate = settings.frameRate else { return }
            guard let other = others.first else { return settings.apply(known, at: rate) }
            throw ValidationError("The clip has the bucket \(known): leave \(other.0) out.")
        }
        guard settings.profile.flatMap(DatasetProfile.named)?.clip?.isFree == true,
            let rate = settings.frameRate
        else { throw ValidationError("--bucket is for --profile ltx2.") }
        guard let parsed = Bucket(bucket) else { throw Bucket.error(bucket) }
        if let other = others.first {
            throw ValidationError("--bucket sets that: leave \(other.0) out.")
        }
        settings.apply(parsed, at: rate)
    }

    /// The crop to an object; nil for none, and for one to an aspect ratio.
    var objectCrop: DatasetCrop? {
        get throws {
            guard let crop, crop.hasPrefix(exactly: "object") else { return nil }
            return try DatasetCrop(option: crop)
        }
    }

    private static func ratio(_ text: String) throws -> Rational? {
        let sides = text.split(exactly: ":", omittingEmptySubsequences: false).map {
            Int($0) ?? 0
        }
        guard sides.count == 2, sides.allSatisfy({ (1...10_000).contains($0) }) else {
            throw ValidationError("--crop must be a ratio such as 9:16, or object, not \(text).")
        }
        return Rational(sides[0], sides[1])
    }
}

/// What becomes of the audio.
struct ExportAudioOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Audio codec: AAC (the default), PCM (in a Matroska file), or no audio.",
            valueName: "codec"
        )
    )
    var audio: CutSettings.Audio?

    @Option(
        help: ArgumentHelp(
            "Audio stream, counted from 0. (default: the one that players choose)",
            valueName: "number"
        )
    )
    var audioStream: Int?

    @Option(
        help: ArgumentHelp("Sample rate. (default: that of the video)", valueName: "hertz")
    )
    var audioRate: Int?

    @Option(
        help: ArgumentHelp(
            "Channels: 1 or 2, or one of a stereo stream: left or right. (default: those of the "
                + "video)",
            valueName: "1|2|left|right"
        )
    )
    var audioChannels: Channels?

    enum Channels: String, ExpressibleByArgument, CaseIterable {
        case mono = "1"
        case stereo = "2"
        case left, right
    }

    func apply(to settings: inout CutSettings) throws {
        settings.audio = audio ?? settings.audio
        if let audioStream {
            settings.audioStream = try audioStream.checked(in: 0...999, named: "--audio-stream")
        }
        if let audioRate {
            settings.sampleRate = try audioRate.checked(in: 4000...192_000, named: "--audio-rate")
        }
        if let audioChannels {
            settings.channels = audioChannels == .stereo ? 2 : 1
            settings.channel = CutSettings.Channel(rawValue: audioChannels.rawValue)
        }
    }
}

/// The H.264 encoder and its quality.
struct ExportEncodingOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "H.264 encoder; auto (the default) uses the hardware where that works.",
            valueName: "encoder"
        )
    )
    var encoder: CutSettings.Encoder?

    @Option(
        help: ArgumentHelp(
            "Quality, from 0 (lossless) to 51. (default: 18)",
            valueName: "quality"
        )
    )
    var crf: Int?

    @Option(
        help: ArgumentHelp(
            "x264 preset, from ultrafast to veryslow. (default: medium)",
            valueName: "preset"
        )
    )
    var preset: String?

    func apply(to settings: inout CutSettings) throws {
        settings.encoder = encoder ?? settings.encoder
        if let crf { settings.crf = try crf.checked(in: 0...51, named: "--crf") }
        if let preset {
            guard CutSettings.efforts.contains(preset) else {
                let names = CutSettings.efforts.joined(separator: ", ")
                throw ValidationError("--preset \(preset): choose from \(names).")
            }
            settings.effort = preset
        }
    }
}

/// A length of time: `8`, `8.011` or `0:08`.
struct Seconds: ExpressibleByArgument, Equatable {
    let nanoseconds: Int

    init(nanoseconds: Int) { self.nanoseconds = nanoseconds }

    init?(argument: String) {
        guard let nanoseconds = ClipStart.nanoseconds(argument) else { return nil }
        self.init(nanoseconds: nanoseconds)
    }

    var defaultValueDescription: String { ClipStart.seconds(nanoseconds: nanoseconds) }

    /// As a fraction; nil for 0.
    var rational: Rational? { Rational(nanoseconds, 1_000_000_000) }
}

extension DatasetProfile {
    fileprivate static var clipNames: String { ofClips.map(\.name).joined(separator: ", ") }
}

extension CutSettings.Audio: ExpressibleByArgument {}
extension CutSettings.Encoder: ExpressibleByArgument {}

extension Bucket {
    /// The error for a text that is no bucket.
    static func error(_ text: String) -> ValidationError {
        ValidationError(
            "--bucket must be width x height x frames, such as 768x448x89: both sides "
                + "multiples of 32, and a frame count of 8 n + 1, not \(text)."
        )
    }
}
