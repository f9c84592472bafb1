import Diagnostics
import GRDB

/// A row of the library with a value that none of ours has.
package struct DamagedRecord: Error, Sendable, Equatable {
    /// The clip's number; nil where that is what is damaged.
    package let clip: Int64?
    /// The column.
    package let column: String

    static func value<Value>(_ clip: Int64?, _ column: String, _ read: () throws -> Value) throws
        -> Value
    {
        do { return try read() } catch { throw DamagedRecord(clip: clip, column: column) }
    }

    /// Itself in a sentence.
    package var sentence: String {
        let what = clip.map { "the record of clip \($0)" } ?? "a record"
        return "\(what) in the library is damaged: \(column)"
    }

    /// The error of something that needs the clip.
    package func error(_ what: String) -> EightCutError {
        EightCutError(
            .outputUnusable,
            what,
            because: "its record in the library is damaged: \(column)",
            remedy: "8cut library delete removes the record; the files of the clip stay."
        )
    }
}

extension ClipInfo {
    /// The name of a value that no clip has; nil when there is none. All arithmetic with the others
    /// is safe.
    var fault: String? {
        let isText = { (text: String) in !text.utf8.contains(0) && text.utf8.count < 1 << 20 }
        if LibraryPath.place(path) == nil { return "path" }
        if !isText(label ?? "") { return "label" }
        if !isText(category ?? "") { return "category" }
        // Three years, in nanoseconds and in seconds.
        if start.magnitude > 100_000_000_000_000_000 { return "start" }
        if !(0...100_000_000).contains(duration) { return "duration" }
        if !(0...1_000_000_000).contains(frameCount) { return "frameCount" }
        if !isText(frameRate) || frameRate.utf8.count > 100 { return "frameRate" }
        if !(0...1_000_000).contains(width) { return "width" }
        if !(0...1_000_000).contains(height) { return "height" }
        if !(0...1_000_000_000).contains(sampleRate ?? 0) { return "sampleRate" }
        if !(0...1_000_000_000_000_000).contains(sampleCount ?? 0) { return "sampleCount" }
        return isText(settings) ? nil : "settings"
    }
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
    /// How far the masks can be trusted, 0…1; nil where the method does not say.
    package let confidence: Double?
    /// An estimate of their IoU with the true masks, 0…1; nil where they were not judged.
    package let score: Double?
    /// Changes when the masks do: of their manifest; nil where nobody has looked yet.
    package let digest: String?
    /// Whether the clip was cut again since.
    package let isStale: Bool
    /// In seconds since 1970.
    package let madeAt: Double

    /// - Throws: `DamagedRecord` when the row has values that no masks have.
    package init(row: Row) throws {
        let clip = try DamagedRecord.value(nil, "clipId") {
            try row.decode(Int64.self, forColumn: "clipId")
        }
        func value<Value: DatabaseValueConvertible>(_ column: String) throws -> Value {
            try DamagedRecord.value(clip, column) { try row.decode(Value.self, forColumn: column) }
        }
        clipId = clip
        method = try value("method")
        path = try value("path")
        settings = try value("settings")
        frameCount = try value("frameCount")
        confidence = try value("confidence")
        score = try value("score")
        digest = try value("digest")
        isStale = try value("isStale")
        madeAt = try value("madeAt")
        guard LibraryPath.place(path) != nil, (0...1_000_000_000).contains(frameCount),
            (0...1).contains(confidence ?? 0), (0...1).contains(score ?? 0), madeAt.magnitude < 1e15
        else { throw DamagedRecord(clip: clip, column: "maskRun") }
    }
}
