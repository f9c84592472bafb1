import ArgumentParser
import ClipExport
import Media

/// How clips are cut.
struct ExportSettings: ParsableArguments {
    @Option(help: ArgumentHelp("Length of a clip; 8 s unless given.", valueName: "seconds"))
    var duration: Seconds?

    @Option(
        help: ArgumentHelp(
            "Apply a target profile: "
                + ExportProfile.all.map(\.name).joined(separator: ", ") + ".",
            valueName: "name"
        )
    )
    var profile: String?

    @Option(help: ArgumentHelp("Pictures per second; the video's average unless given."))
    var fps: String?

    @Option(help: ArgumentHelp("Scale so that the shorter side has so many pixels."))
    var shortSide: Int?

    @Option(help: ArgumentHelp("Crop to a ratio, such as 9:16, 4:5 or 1:1.", valueName: "w:h"))
    var crop: String?

    @Option(
        help: ArgumentHelp(
            "Where the crop lies, from 0 (left or top) to 1 (right or bottom); 0.5 unless given.",
            valueName: "part"
        )
    )
    var cropCenter: Double?

    @Option(
        help: ArgumentHelp(
            "A film (mp4, the default), or a picture file for each frame and a WAV file (webp, png).",
            valueName: "mp4|webp|png"
        )
    )
    var format: Format?

    /// The forms of clips.
    enum Format: String, ExpressibleByArgument, CaseIterable {
        case mp4, webp, png
    }

    @Option(
        help: ArgumentHelp(
            "Sound as AAC (the default), as PCM (in a Matroska file), or none.",
            valueName: "aac|pcm|none"
        )
    )
    var audio: CutSettings.Audio?

    @Option(help: ArgumentHelp("Which sound stream, counted from 0.", valueName: "number"))
    var audioStream: Int?

    @Option(help: ArgumentHelp("Samples per second.", valueName: "hertz"))
    var audioRate: Int?

    @Option(help: ArgumentHelp("Channels: 1 or 2.", valueName: "count"))
    var audioChannels: Int?

    @Option(
        help: ArgumentHelp(
            "Who encodes H.264: auto (the default) takes the hardware where that works.",
            valueName: "auto|x264|nvenc|vaapi|qsv"
        )
    )
    var encoder: CutSettings.Encoder?

    @Option(help: "Quality, from 0 (lossless) to 51; 18 unless given.")
    var crf: Int?

    @Option(
        help: ArgumentHelp(
            "How hard x264 tries, from ultrafast to veryslow; medium unless given.",
            valueName: "word"
        )
    )
    var preset: String?

    @Flag(help: "Take a shorter clip where the video ends.")
    var allowShort = false

    func validate() throws {
        _ = try cut()
    }

    /// The settings: those that were given, and for the rest those of `base`.
    func cut(_ base: CutSettings = CutSettings()) throws -> CutSettings {
        var settings = base
        if let profile {
            guard let preset = ExportProfile.named(profile) else {
                let names = ExportProfile.all.map(\.name).joined(separator: ", ")
                throw ValidationError("--profile \(profile): there are \(names).")
            }
            settings.apply(preset)
            try refuse(preset)
        }
        try takeTimes(&settings)
        try takePicture(&settings)
        try takeEncoder(&settings)
        try takeSound(&settings)
        if let format { settings.form = CutSettings.Form(rawValue: format.rawValue) ?? .video }
        if allowShort { settings.allowsShort = true }
        return settings
    }

    /// What a preset decides cannot be asked for otherwise.
    private func refuse(_ profile: ExportProfile) throws {
        let fixed = [
            ("--duration", duration != nil && !profile.allowsOtherDuration),
            ("--fps", fps != nil && profile.frameRate != nil),
            ("--audio-rate", audioRate != nil && profile.sampleRate != nil),
        ]
        if let option = fixed.first(where: \.1)?.0 {
            throw ValidationError("--profile \(profile.name) decides that: leave \(option) out.")
        }
    }

    private func takeTimes(_ settings: inout CutSettings) throws {
        if let duration {
            guard let length = duration.rational, (0.01...86_400).contains(length.value) else {
                throw ValidationError("--duration must be from 0.01 s to a day.")
            }
            settings.duration = length
        }
        if let fps {
            guard let rate = FrameRate.parse(fps) else {
                throw ValidationError("--fps must be from 1 to 240, such as 25 or 30000/1001.")
            }
            settings.frameRate = rate
        }
    }

    private func takePicture(_ settings: inout CutSettings) throws {
        if let shortSide {
            guard (16...16_384).contains(shortSide), shortSide % 2 == 0 else {
                throw ValidationError("--short-side must be an even number from 16 to 16384.")
            }
            settings.shortSide = shortSide
        }
        if let crop {
            let sides = crop.split(separator: ":", omittingEmptySubsequences: false).map {
                Int($0) ?? 0
            }
            guard sides.count == 2, sides.allSatisfy({ (1...10_000).contains($0) }) else {
                throw ValidationError("--crop must be a ratio such as 9:16, not \(crop).")
            }
            settings.crop = Rational(sides[0], sides[1])
        }
        if let cropCenter {
            guard (0...1).contains(cropCenter) else {
                throw ValidationError("--crop-center must be between 0 and 1, not \(cropCenter).")
            }
            settings.cropCenter = cropCenter
        }
    }

    private func takeEncoder(_ settings: inout CutSettings) throws {
        settings.encoder = encoder ?? settings.encoder
        if let crf {
            guard (0...51).contains(crf) else {
                throw ValidationError("--crf must be between 0 and 51, not \(crf).")
            }
            settings.crf = crf
        }
        if let preset {
            guard CutSettings.efforts.contains(preset) else {
                let names = CutSettings.efforts.joined(separator: ", ")
                throw ValidationError("--preset \(preset): there are \(names).")
            }
            settings.effort = preset
        }
    }

    private func takeSound(_ settings: inout CutSettings) throws {
        settings.audio = audio ?? settings.audio
        if let audioStream {
            guard (0...999).contains(audioStream) else {
                throw ValidationError("--audio-stream must be 0 or more, not \(audioStream).")
            }
            settings.audioStream = audioStream
        }
        if let audioRate {
            guard (4000...192_000).contains(audioRate) else {
                throw ValidationError("--audio-rate must be from 4000 to 192000, not \(audioRate).")
            }
            settings.sampleRate = audioRate
        }
        if let audioChannels {
            guard (1...2).contains(audioChannels) else {
                throw ValidationError("--audio-channels must be 1 or 2, not \(audioChannels).")
            }
            settings.channels = audioChannels
        }
    }
}

extension CutSettings.Audio: ExpressibleByArgument {}
extension CutSettings.Encoder: ExpressibleByArgument {}
