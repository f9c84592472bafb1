import GRDB

/// A clip as the library knows it.
package struct LibraryClip: Sendable, Equatable, Codable, FetchableRecord {
    /// Its number in the library.
    package let id: Int64
    /// The film, or the folder of pictures: an absolute path.
    package let path: String
    /// Where the video was when it was last seen.
    package let source: String
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
    /// Pictures per second: "30000/1001".
    package let frameRate: String
    /// Columns.
    package let width: Int
    /// Rows.
    package let height: Int
    /// Samples per second; nil without sound.
    package let sampleRate: Int?
    /// Samples per channel; nil without sound.
    package let sampleCount: Int?
    /// How it was cut: the JSON of the settings.
    package let settings: String
    /// When it was cut, in seconds since 1970.
    package let cutAt: Double
    /// What it will be, as JSON, when it is not finished.
    package let pending: String?
    /// Size in bytes.
    package let bytes: Int?
    /// What tells its content from another.
    package let hash: String?

    /// All clips with what they refer to.
    static let selection = columns + " FROM clip " + joins

    /// The same, clip by clip as their texts come: those that do not match are never looked at.
    static let selectionByText =
        columns + " FROM clipText CROSS JOIN clip ON clip.id = clipText.clipId " + joins

    /// The clip of a number; nil when there is none.
    static func find(_ id: Int64, _ database: Database) throws -> LibraryClip? {
        try fetchOne(database, sql: selection + " WHERE clip.id = ?", arguments: [id])
    }

    private static let columns = """
        SELECT clip.id, clip.path, source.path AS source, label.name AS label,
        label.category AS category, clip.start, clip.duration, clip.frameCount, clip.frameRate,
        clip.width, clip.height, clip.sampleRate, clip.sampleCount, clip.settings, clip.cutAt,
        clip.pending, clip.bytes, clip.hash
        """

    private static let joins = """
        JOIN source ON source.id = clip.sourceId LEFT JOIN label ON label.id = clip.labelId
        """
}
