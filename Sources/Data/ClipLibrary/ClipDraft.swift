import FoundationEssentials

/// A clip that is about to be cut.
package struct ClipDraft: Sendable, Equatable, Codable {
    /// Where it will be: an absolute path.
    package let path: String
    /// Where it is written until then.
    package let pending: String
    /// What is heard.
    package let label: String?
    /// What kind of thing is heard.
    package let category: String?
    /// When its first picture is shown, in nanoseconds from the start of the video.
    package let start: Int
    /// Length in seconds.
    package let duration: Double
    /// How many pictures.
    package let frameCount: Int
    /// Pictures per second.
    package let frameRate: String
    /// Columns.
    package let width: Int
    /// Rows.
    package let height: Int
    /// Samples per second; nil without sound.
    package let sampleRate: Int?
    /// Samples per channel; nil without sound.
    package let sampleCount: Int?
    /// The JSON of the settings.
    package let settings: String

    /// Puts it together.
    package init(
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
    package var draft: ClipDraft? {
        pending.flatMap { try? JSONDecoder().decode(ClipDraft.self, from: Data($0.utf8)) }
    }
}
