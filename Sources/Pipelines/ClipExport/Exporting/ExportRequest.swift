import Clips
import Media
import SystemPackage

/// What is to be cut out of a video: one clip, or several that overlap.
public struct ExportRequest: Sendable, Equatable {
    /// The video.
    public var input: FilePath
    /// Where the first clip begins.
    public var start: ClipStart
    /// The clips' name, to which a number is added.
    public var name: String
    /// What is heard; nil where nobody has said it.
    public var label: String?
    /// What kind of thing is heard.
    public var category: String?
    /// How the clips are cut.
    public var settings: CutSettings
    /// How many clips, each `spread` later than the one before.
    public var count = 1
    /// Nanoseconds between the starts of two clips.
    public var spread = 1_000_000_000
    /// What a mistake is blamed on: "line 3 of cuts.csv"; nil for the command line.
    public var origin: String?

    /// Asks for one clip.
    public init(
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
