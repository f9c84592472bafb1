import ClipExport

/// What the export row says: everything about the next clips but where they begin.
package struct ExportForm: Sendable, Equatable, Codable {
    /// The clips' name.
    package var name = "clip"
    /// The folder that they go to; empty until one was chosen.
    package var folder = ""
    /// What is heard.
    package var label = ""
    /// What kind of thing is heard.
    package var category = ""
    /// How many clips, each later than the one before.
    package var count = 1
    /// Seconds from one of them to the next.
    package var spread = 1.0
    /// The name of the reader that they are made for; empty for none.
    package var preset = ""
    /// A ratio such as "9:16"; empty for the whole picture.
    package var crop = ""
    /// Where the crop lies, from 0 to 1.
    package var cropCenter = 0.5
    /// Pixels of the shorter side; 0 to leave the size.
    package var shortSide = 0
    /// Whether a clip may be shorter at the end of the video.
    package var allowsShort = false

    /// An export that nobody has changed.
    package init() {}

    /// Seconds that a clip lasts.
    package var duration: Double {
        ExportProfile.named(preset)?.duration.value ?? CutSettings().duration.value
    }

    /// The options of `8cut export` that say the same.
    package var settingArguments: [String] {
        var words: [String] = []
        if !preset.isEmpty { words += ["--profile", preset] }
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
