import FoundationEssentials
import GRDB
import SystemPackage

/// What is known of a clip whether it is finished or not.
package struct ClipInfo: Sendable, Equatable, Codable {
    /// The video file, or the folder of an image sequence: an absolute path.
    package var path: String
    /// The label of the sound.
    package var label: String?
    /// The category of the label.
    package var category: String?
    /// The time of the first frame, in nanoseconds from the start of the source video.
    package var start: Int
    /// In seconds.
    package var duration: Double
    package var frameCount: Int
    /// In frames per second, as a fraction: "30000/1001".
    package var frameRate: String
    /// In pixels.
    package var width: Int
    /// In pixels.
    package var height: Int
    /// In hertz; nil without audio.
    package var sampleRate: Int?
    /// Samples per channel; nil without audio.
    package var sampleCount: Int?
    /// The settings of the cut as JSON.
    package var settings: String

    package init(
        path: String,
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

/// A clip that is about to be cut.
@dynamicMemberLookup
package struct ClipDraft: Sendable, Equatable {
    package let info: ClipInfo
    /// The path under which it is written until it is finished.
    package let pending: String

    package init(_ info: ClipInfo, pending: String) {
        self.info = info
        self.pending = pending
    }

    package subscript<Value>(dynamicMember member: KeyPath<ClipInfo, Value>) -> Value {
        info[keyPath: member]
    }
}

// The library keeps drafts as JSON, all fields in one object.
extension ClipDraft: Codable {
    private enum CodingKeys: String, CodingKey {
        case pending
    }

    package init(from decoder: any Decoder) throws {
        info = try ClipInfo(from: decoder)
        pending = try decoder.container(keyedBy: CodingKeys.self)
            .decode(String.self, forKey: .pending)
    }

    package func encode(to encoder: any Encoder) throws {
        try info.encode(to: encoder)
        var keyed = encoder.container(keyedBy: CodingKeys.self)
        try keyed.encode(pending, forKey: .pending)
    }

    var json: String {
        (try? JSONEncoder().encode(self)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
    }
}

/// A clip in the library.
@dynamicMemberLookup
package struct LibraryClip: Sendable, Equatable {
    /// The number in the library.
    package let id: Int64
    package let info: ClipInfo
    /// The last known path of the source video.
    package let source: String
    /// In seconds since 1970.
    package let cutAt: Double
    /// The draft as JSON; nil when the clip is finished.
    package let pending: String?
    /// Size in bytes.
    package let bytes: Int?
    /// The fingerprint of the content.
    package let hash: String?

    package subscript<Value>(dynamicMember member: KeyPath<ClipInfo, Value>) -> Value {
        info[keyPath: member]
    }

    /// The draft of a clip that is not finished.
    package var draft: ClipDraft? {
        pending.flatMap { try? JSONDecoder().decode(ClipDraft.self, from: Data($0.utf8)) }
    }
}

extension LibraryClip: FetchableRecord {
    /// - Throws: when a value is of another kind: nobody checks what others write into a table.
    package init(row: Row) throws {
        id = try row.decode(forColumn: "id")
        info = ClipInfo(
            path: try row.decode(forColumn: "path"),
            label: try row.decode(forColumn: "label"),
            category: try row.decode(forColumn: "category"),
            start: try row.decode(forColumn: "start"),
            duration: try row.decode(forColumn: "duration"),
            frameCount: try row.decode(forColumn: "frameCount"),
            frameRate: try row.decode(forColumn: "frameRate"),
            width: try row.decode(forColumn: "width"),
            height: try row.decode(forColumn: "height"),
            sampleRate: try row.decode(forColumn: "sampleRate"),
            sampleCount: try row.decode(forColumn: "sampleCount"),
            settings: try row.decode(forColumn: "settings")
        )
        source = try row.decode(forColumn: "source")
        cutAt = try row.decode(forColumn: "cutAt")
        pending = try row.decode(forColumn: "pending")
        bytes = try row.decode(forColumn: "bytes")
        hash = try row.decode(forColumn: "hash")
    }

    /// All clips with source and label.
    static let selection = columns + " FROM clip " + joins

    /// The same, driven by the search texts: clips that do not match are never read.
    static let selectionByText =
        columns + " FROM clipText CROSS JOIN clip ON clip.id = clipText.clipId " + joins

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

/// The masks of a clip.
package struct LibraryMasks: Sendable, Equatable, Codable, FetchableRecord {
    /// The clip's number.
    package let clipId: Int64
    /// "saliency", "depth", "sam".
    package let method: String
    /// The folder: an absolute path.
    package let path: String
    /// The method's settings as JSON.
    package let settings: String
    package let frameCount: Int
    /// Whether the clip was cut again since.
    package let isStale: Bool
    /// In seconds since 1970.
    package let madeAt: Double
}
