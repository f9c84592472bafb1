import Diagnostics
import Files

/// `videos/<stem>.mp4`, the masks `masks/<stem>.mp4`, and `<split>.jsonl` with the columns that
/// `process_dataset.py` looks for: `video`, `caption`, `video_mask`. Paths are relative to the table.
/// The first row decides which columns there are, and a later row without one of them ends it.
struct LTX2Layout: DatasetLayout {
    private static let ending = ".jsonl"
    private static let (video, caption, mask) = ("video", "caption", "video_mask")

    func clip(_ row: DatasetRow) -> String { "videos/\(row.file)" }

    func masks(_ row: DatasetRow) -> String { "masks/\(row.stem).mp4" }

    func tables(_ rows: [DatasetRow]) -> [DatasetText] {
        rows.bySplit().map { split, rows in
            let lines = rows.map { row in
                var members: [String: JSONValue] = [
                    Self.video: .string(clip(row)), Self.caption: .string(row.label),
                    "source": .string(row.source), "start": .number(row.start),
                ]
                if row.maskMethod != nil { members[Self.mask] = .string(masks(row)) }
                return members
            }
            return DatasetText(split.rawValue + Self.ending, JSONLines.text(lines))
        }
    }

    func rows(in folder: DatasetFolder) throws -> [FoundRow] {
        let tables = try folder.names().filter { $0.hasSuffix(exactly: Self.ending) }
        guard !tables.isEmpty else {
            throw folder.unreadable("train" + Self.ending, "there is no such file")
        }
        return try tables.flatMap { table in
            let rows = try JSONLines.rows(table, in: folder)
            let columns = rows.first.map { first in
                [Self.video, Self.caption, Self.mask].filter { first.json[$0] != nil }
            }
            return try rows.map { line, json in
                if let column = columns?.first(where: { json[$0] == nil }) {
                    let why = "line \(line) has no \(column), and the first line has one"
                    throw folder.unreadable(table, why)
                }
                guard let clip = json[Self.video]?.string else {
                    throw folder.unreadable(table, "line \(line) has no \(Self.video)")
                }
                let file = clip.divided(atLast: "/").map { String($0.1) } ?? clip
                return FoundRow(
                    place: "line \(line) of \(table)",
                    stem: file.divided(atLast: ".").map { String($0.0) } ?? file,
                    label: json[Self.caption]?.string,
                    clip: clip,
                    masks: json[Self.mask]?.string,
                    split: table,
                    source: json["source"]?.string
                )
            }
        }
    }
}
