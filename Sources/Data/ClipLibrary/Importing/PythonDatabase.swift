import Diagnostics
import Files
import GRDB
import SystemPackage

/// The database of the Python 8-cut, `~/.8cut.db`: the table `processed` has a row for each clip that
/// was exported (github.com/ethanfel/8-cut, core/db.py, schema 4 and earlier ones, which have fewer
/// columns). It is only read.
package struct PythonDatabase: Sendable {
    private static let table = "processed"
    private static let needed = ["filename", "start_time", "output_path"]
    private static let others = [
        "label", "category", "short_side", "portrait_ratio", "crop_center", "clip_count",
        "clip_duration", "spread", "source_path",
    ]

    package let clips: [ForeignClip]

    /// - Throws: `EightCutError` when there is no such file, it is no database, or one of another
    ///   program.
    package init(_ path: FilePath) throws {
        let path = path.absolute
        guard let kind = try? Folder.kind(of: path), kind != .missing else {
            throw Self.error(.inputMissing, path, "there is no such file")
        }
        guard kind == .file else { throw Self.error(.inputUnusable, path, "it is no file") }
        do {
            clips = try LibraryFile.readOnly(path).read { try Self.clips($0, path) }
        } catch let error as DatabaseError {
            let why = error.message ?? "\(error)"
            let isForeign = error.resultCode == .SQLITE_NOTADB
            throw Self.error(
                .inputUnusable,
                path,
                isForeign ? "it is no SQLite database" : "it is damaged: \(why)"
            )
        }
    }

    private static func clips(_ database: Database, _ path: FilePath) throws -> [ForeignClip] {
        // No view and no virtual table, which could be anything.
        let isThere =
            try Int.fetchOne(
                database,
                sql: """
                    SELECT COUNT(*) FROM sqlite_master
                    WHERE type = 'table' AND name = ? AND sql NOT LIKE 'CREATE VIRTUAL%'
                    """,
                arguments: [table]
            ) == 1
        let columns = isThere ? try database.columns(in: table).map(\.name) : []
        guard needed.allSatisfy(columns.contains) else {
            throw error(.inputUnusable, path, "it is no database of the Python 8-cut")
        }
        let names = ["id"] + needed + others.filter(columns.contains)
        let rows = try Row.fetchCursor(
            database,
            sql: "SELECT \(names.joined(separator: ", ")) FROM \(table) ORDER BY id"
        )
        // A clip that was exported again has a row for each time: the last one is what is there.
        var clips: [ForeignClip] = []
        var places: [ExactText: Int] = [:]
        while let row = try rows.next() {
            let clip = Self.clip(row)
            if let place = places[ExactText(clip.path)], !clip.path.isEmpty {
                clips[place] = clip
            } else {
                places[ExactText(clip.path)] = clips.count
                clips.append(clip)
            }
        }
        return clips
    }

    private static func clip(_ row: Row) -> ForeignClip {
        func text(_ column: String) -> String? {
            guard row.hasColumn(column) else { return nil }
            let text = String.fromDatabaseValue(row[column])
            return text?.isEmpty == false ? text : nil
        }
        func number(_ column: String) -> Double? {
            row.hasColumn(column) ? Double.fromDatabaseValue(row[column]) : nil
        }
        let id = Int64.fromDatabaseValue(row["id"]) ?? 0
        var clip = ForeignClip(place: "row \(id)", path: text("output_path") ?? "")
        clip.label = text("label")
        clip.category = text("category")
        clip.source = text("source_path") ?? text("filename")
        clip.start = number("start_time").map { $0 + offset(of: clip.path, number) }
        clip.duration = number("clip_duration")
        clip.crop = text("portrait_ratio")
        clip.cropCenter = number("crop_center")
        clip.shortSide = number("short_side").flatMap { Int(exactly: $0) }
        return clip
    }

    /// Overlapping clips have the time of the first one; their place is the end of their names.
    private static func offset(of path: String, _ number: (String) -> Double?) -> Double {
        guard let count = number("clip_count"), count > 1, let spread = number("spread"),
            let name = FilePath(path).lastComponent?.string,
            let (_, place) = ClipName.stem(of: name).divided(atLast: "_"),
            let sibling = Int(place), (0..<10_000).contains(sibling)
        else { return 0 }
        return Double(sibling) * spread
    }

    private static func error(
        _ code: ErrorCode,
        _ path: FilePath,
        _ why: MessageText
    ) -> EightCutError {
        EightCutError(
            code,
            "cannot read the clips of",
            on: path.string,
            because: why,
            remedy: "Give the database of the Python 8-cut: .8cut.db in your home folder."
        )
    }
}
