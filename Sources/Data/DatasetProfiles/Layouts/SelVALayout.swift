import Diagnostics
import Files

/// `<stem>.mp4`, the masks in `<stem>_mask/frame_0000.png` and so on, and a `dataset.json` for each
/// split. Its paths have no ending and are absolute: the node does not look beside the table.
struct SelVALayout: DatasetLayout {
    private static let table = "dataset.json"

    var hasAbsolutePaths: Bool { true }

    func clip(_ row: DatasetRow) -> String { row.inSplit(row.file) }

    func masks(_ row: DatasetRow) -> String { row.inSplit(row.stem + "_mask") }

    func tables(_ rows: [DatasetRow]) -> [DatasetText] {
        rows.bySplit().map { _, rows in
            let items = rows.map { row in
                JSONValue.object([
                    "path": .string(row.absolute(row.inSplit(row.stem))),
                    "label": .string(row.label),
                ])
            }
            let text = ((try? JSONText.pretty(items)) ?? "[]") + "\n"
            return DatasetText(rows[0].inSplit(Self.table), text)
        }
    }

    func rows(in folder: DatasetFolder) throws -> [FoundRow] {
        let tables = try folder.tables(named: Self.table)
        return try tables.flatMap { table in
            try folder.items(table).map { item in
                guard let path = item["path"]?.string else {
                    throw folder.unreadable(table, "line \(item.line) has no path")
                }
                let base = folder.relative(path)
                let masks = base + "_mask"
                return FoundRow(
                    place: "line \(item.line) of \(table)",
                    stem: base.divided(atLast: "/").map { String($0.1) } ?? base,
                    label: item["label"]?.string,
                    clip: base + ".mp4",
                    masks: folder.hasFolder(masks) ? masks : nil,
                    split: table
                )
            }
        }
    }
}
