import Media
import SystemPackage

/// What is to be cut out of a video: one clip, or several that overlap.
package struct ExportRequest: Sendable, Equatable {
    /// The video.
    package var input: FilePath
    /// Where the first clip begins.
    package var start: ClipStart
    /// The clips' name, to which a number is added.
    package var name: String
    /// What is heard; nil where nobody has said it.
    package var label: String?
    /// What kind of thing is heard.
    package var category: String?
    /// How the clips are cut.
    package var settings: CutSettings
    /// How many clips, each `spread` later than the one before.
    package var count = 1
    /// Nanoseconds between the starts of two clips.
    package var spread = 1_000_000_000
    /// What a mistake is blamed on: "line 3 of cuts.csv"; nil for the command line.
    package var origin: String?

    /// Asks for one clip.
    package init(
        input: FilePath,
        start: ClipStart,
        name: String,
        label: String? = nil,
        category: String? = nil,
        settings: CutSettings
    ) {
        self.input = input
        self.start = start
        self.name = name
        self.label = label
        self.category = category
        self.settings = settings
    }

    /// How many siblings share the clip's number; 0 for a single clip.
    var siblings: Int { count > 1 ? count : 0 }
}
