import Diagnostics
import Files

/// `<stem>.mp4`, the masks in `<stem>_masks/frame_0000.png` and so on, and `dataset.json` as 8cut
/// keeps it in a folder of clips, with the split of each clip.
struct PlainLayout: DatasetLayout {
    private static let table = "dataset.json"

    func clip(_ row: DatasetRow) -> String { row.file }

    func tables(_ rows: [DatasetRow]) -> [DatasetText] {
        let items = rows.map { row in
            var members: [String: JSONValue] = [
                "path": .string(row.file), "label": .string(row.label),
                "category": .string(row.category), "source": .string(row.source),
                "start": .number(row.start), "duration": .number(row.duration),
            ]
            if let method = row.maskMethod {
                let masks = ["method": JSONValue.string(method), "path": .string(masks(row))]
                members["masks"] = .array([.object(masks)])
            }
            if let split = row.split { members["split"] = .string(split.rawValue) }
            return JSONValue.object(members)
        }
        return [DatasetText(Self.table, ((try? JSONText.pretty(items)) ?? "[]") + "\n")]
    }

    func rows(in folder: DatasetFolder) throws -> [FoundRow] {
        guard folder.hasFile(Self.table) else {
            throw folder.unreadable(Self.table, "there is no such file")
        }
        return try folder.items(Self.table).map { item in
            guard let path = item["path"]?.string else {
                throw folder.unreadable(Self.table, "line \(item.line) has no path")
            }
            return FoundRow(
                place: "line \(item.line) of \(Self.table)",
                stem: path.divided(atLast: ".").map { String($0.0) } ?? path,
                label: item["label"]?.string,
                clip: path,
                masks: item["masks"]?.items?.first?["path"]?.string,
                split: item["split"]?.string,
                source: item["source"]?.string
            )
        }
    }
}
