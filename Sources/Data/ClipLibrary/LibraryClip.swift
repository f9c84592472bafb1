import Files
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
    package internal(set) var info: ClipInfo
    /// The path under which it is written until it is finished.
    package internal(set) var pending: String
    /// The path of the audio beside an image sequence until it is finished.
    package internal(set) var pendingAudio: String?
    /// The content, once it is complete: from then on it is moved to its place, whatever happens.
    package var file: FileFingerprint?
    /// The number (inode) of the complete file or folder, by which it is known in its place.
    package var fileNumber: UInt64?
    /// The number of the video in the library, for a clip that is cut again; nil to keep it.
    var source: Int64?

    package init(_ info: ClipInfo, pending: String, pendingAudio: String? = nil) {
        self.info = info
        self.pending = pending
        self.pendingAudio = pendingAudio
    }

    package subscript<Value>(dynamicMember member: KeyPath<ClipInfo, Value>) -> Value {
        info[keyPath: member]
    }
}

// The library keeps drafts as JSON, all fields in one object.
extension ClipDraft: Codable {
    private enum CodingKeys: String, CodingKey {
        case pending, pendingAudio, file, fileNumber, source
    }

    package init(from decoder: any Decoder) throws {
        info = try ClipInfo(from: decoder)
        let keyed = try decoder.container(keyedBy: CodingKeys.self)
        pending = try keyed.decode(String.self, forKey: .pending)
        pendingAudio = try keyed.decodeIfPresent(String.self, forKey: .pendingAudio)
        file = try keyed.decodeIfPresent(FileFingerprint.self, forKey: .file)
        fileNumber = try keyed.decodeIfPresent(UInt64.self, forKey: .fileNumber)
        source = try keyed.decodeIfPresent(Int64.self, forKey: .source)
    }

    package func encode(to encoder: any Encoder) throws {
        try info.encode(to: encoder)
        var keyed = encoder.container(keyedBy: CodingKeys.self)
        try keyed.encode(pending, forKey: .pending)
        try keyed.encodeIfPresent(pendingAudio, forKey: .pendingAudio)
        try keyed.encodeIfPresent(file, forKey: .file)
        try keyed.encodeIfPresent(fileNumber, forKey: .fileNumber)
        try keyed.encodeIfPresent(source, forKey: .source)
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
    /// The fingerprint of the source video's content.
    package let sourceHash: String
    /// In seconds since 1970.
    package let cutAt: Double
    /// The draft as JSON while the clip is cut, or cut again; nil at other times.
    package let pending: String?
    /// Size in bytes.
    package let bytes: Int?
    /// The fingerprint of the content.
    package let hash: String?

    package subscript<Value>(dynamicMember member: KeyPath<ClipInfo, Value>) -> Value {
        info[keyPath: member]
    }

    /// The draft of a clip that is cut, or cut again.
    package var draft: ClipDraft? {
        guard
            let draft = pending.flatMap({
                try? JSONDecoder().decode(ClipDraft.self, from: Data($0.utf8))
            }), draft.info.fault == nil
        else { return nil }
        return draft
    }

    /// Whether it has been finished once. While it is cut again it keeps its old values.
    package var isFinished: Bool { pending == nil || hash != nil }

    /// The ending of the images of a sequence, as the settings have it; nil if they do not tell.
    var imageEnding: String? {
        struct Form: Decodable { let form: String }
        guard let form = try? JSONDecoder().decode(Form.self, from: Data(info.settings.utf8)).form
        else { return nil }
        return FrameName.endings.first { $0 == "." + form }
    }
}

extension LibraryClip: FetchableRecord {
    /// - Throws: `DamagedRecord` when the row has values that no clip has.
    package init(row: Row) throws {
        let id = try DamagedRecord.value(nil, "id") { try row.decode(Int64.self, forColumn: "id") }
        func value<Value: DatabaseValueConvertible>(_ column: String) throws -> Value {
            try DamagedRecord.value(id, column) { try row.decode(Value.self, forColumn: column) }
        }
        self.id = id
        info = ClipInfo(
            path: try value("path"),
            label: try value("label"),
            category: try value("category"),
            start: try value("start"),
            duration: try value("duration"),
            frameCount: try value("frameCount"),
            frameRate: try value("frameRate"),
            width: try value("width"),
            height: try value("height"),
            sampleRate: try value("sampleRate"),
            sampleCount: try value("sampleCount"),
            settings: try value("settings")
        )
        source = try value("source")
        sourceHash = try value("sourceHash")
        cutAt = try value("cutAt")
        pending = try value("pending")
        bytes = try value("bytes")
        hash = try value("hash")
        if let column = info.fault { throw DamagedRecord(clip: id, column: column) }
        guard cutAt.magnitude < 1e15 else { throw DamagedRecord(clip: id, column: "cutAt") }
        guard bytes ?? 0 >= 0 else { throw DamagedRecord(clip: id, column: "bytes") }
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
        SELECT clip.id, clip.path, source.path AS source, source.hash AS sourceHash,
        label.name AS label,
        label.category AS category, clip.start, clip.duration, clip.frameCount, clip.frameRate,
        clip.width, clip.height, clip.sampleRate, clip.sampleCount, clip.settings, clip.cutAt,
        clip.pending, clip.bytes, clip.hash
        """

    /// The condition of clips that have been finished once.
    static let isFinished = "(clip.pending IS NULL OR clip.hash IS NOT NULL)"

    private static let joins = """
        JOIN source ON source.id = clip.sourceId LEFT JOIN label ON label.id = clip.labelId
        """
}
