import Clips

/// What the export row says: everything about the next clips but where they begin.
public struct ExportForm: Sendable, Equatable, Codable {
    /// The clips' name.
    public var name = "clip"
    /// The folder that they go to; empty until one was chosen.
    public var folder = ""
    /// What is heard.
    public var label = ""
    /// What kind of thing is heard.
    public var category = ""
    /// How many clips, each later than the one before.
    public var count = 1
    /// Seconds from one of them to the next.
    public var spread = 1.0
    /// The name of the reader that they are made for; empty for none.
    public var preset = ""
    /// A ratio such as "9:16"; empty for the whole picture.
    public var crop = ""
    /// Where the crop lies, from 0 to 1.
    public var cropCenter = 0.5
    /// Pixels of the shorter side; 0 to leave the size.
    public var shortSide = 0
    /// Whether a clip may be shorter at the end of the video.
    public var allowsShort = false

    /// An export that nobody has changed.
    public init() {}

    /// Seconds that a clip lasts.
    public var duration: Double {
        ClipPreset.named(preset)?.duration.value ?? CutSettings().duration.value
    }

    /// The options of `8cut export` that say the same.
    package var settingArguments: [String] {
        var words: [String] = []
        if !preset.isEmpty { words += ["--for", preset] }
        if !crop.isEmpty { words += ["--crop", crop, "--crop-center", "\(cropCenter)"] }
        if shortSide > 0 { words += ["--short-side", "\(shortSide)"] }
        if allowsShort { words.append("--allow-short") }
        return words
    }

    /// The options that say what is heard.
    package var labelArguments: [String] {
        var words: [String] = []
        if !label.isEmpty { words.append("--label=\(label)") }
        if !category.isEmpty { words.append("--category=\(category)") }
        return words
    }
}
