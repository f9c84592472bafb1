import FoundationEssentials

/// A clip that is about to be cut.
public struct ClipDraft: Sendable, Equatable, Codable {
    /// Where it will be: an absolute path.
    public let path: String
    /// Where it is written until then.
    public let pending: String
    /// What is heard.
    public let label: String?
    /// What kind of thing is heard.
    public let category: String?
    /// When its first picture is shown, in nanoseconds from the start of the video.
    public let start: Int
    /// Length in seconds.
    public let duration: Double
    /// How many pictures.
    public let frameCount: Int
    /// Pictures per second.
    public let frameRate: String
    /// Columns.
    public let width: Int
    /// Rows.
    public let height: Int
    /// Samples per second; nil without sound.
    public let sampleRate: Int?
    /// Samples per channel; nil without sound.
    public let sampleCount: Int?
    /// The JSON of the settings.
    public let settings: String

    /// Puts it together.
    public init(
        path: String,
        pending: String,
        label: String?,
        category: String?,
        start: Int,
        duration: Double,
        frameCount: Int,
        frameRate: String,
        width: Int,
        height: Int,
        sampleRate: Int?,
        sampleCount: Int?,
        settings: String
    ) {
        self.path = path
        self.pending = pending
        self.label = label
        self.category = category
        self.start = start
        self.duration = duration
        self.frameCount = frameCount
        self.frameRate = frameRate
        self.width = width
        self.height = height
        self.sampleRate = sampleRate
        self.sampleCount = sampleCount
        self.settings = settings
    }
}

extension ClipDraft {
    /// As it stands in the library until the clip is finished.
    var json: String {
        (try? JSONEncoder().encode(self)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
    }
}

extension LibraryClip {
    /// What the clip will be when it is finished; nil when it is.
    public var draft: ClipDraft? {
        pending.flatMap { try? JSONDecoder().decode(ClipDraft.self, from: Data($0.utf8)) }
    }
}
