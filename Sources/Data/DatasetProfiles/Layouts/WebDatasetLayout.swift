import Diagnostics
import Files

/// `<key>.mp4`, `<key>.mask.mp4` and `<key>.json` with the label, in archives `shard-000000.tar` and
/// so on, in a folder for each split. Paths are those in an archive.
struct WebDatasetLayout: DatasetLayout {
    private static let (video, masks, text) = (".mp4", ".mask.mp4", ".json")

    var clipsPerShard: Int? { 100 }

    func clip(_ row: DatasetRow) -> String { row.stem + Self.video }

    func masks(_ row: DatasetRow) -> String { row.stem + Self.masks }

    func objections(toName name: String, _ label: String) -> [Rejection] {
        guard name.divided(atFirst: ".") != nil else { return [] }
        let why = "webdataset takes what follows the first point for the kind of the file"
        return [Rejection(.name, "the name \(quoted(name)) has a point: \(why)")]
    }

    func notes(_ row: DatasetRow) -> [DatasetText] {
        var members: [String: JSONValue] = [
            "label": .string(row.label), "category": .string(row.category),
            "source": .string(row.source), "start": .number(row.start),
            "duration": .number(row.duration),
        ]
        if let split = row.split { members["split"] = .string(split.rawValue) }
        let text = ((try? JSONText.line(members)) ?? "{}") + "\n"
        return [DatasetText(row.stem + Self.text, text)]
    }

    func rows(in folder: DatasetFolder) throws -> [FoundRow] {
        try folder.videos().compactMap { path -> FoundRow? in
            guard let key = path.removing(suffix: Self.video).map({ String($0) }),
                !path.hasSuffix(exactly: Self.masks)
            else { return nil }
            let text = try folder.text(key + Self.text)
            let json = text.flatMap { try? LocatedJSON(parsing: Array($0.utf8), .lenient) }
            let masks = key + Self.masks
            return FoundRow(
                place: path,
                stem: key.divided(atLast: "/").map { String($0.1) } ?? key,
                label: json?["label"]?.string,
                clip: path,
                masks: folder.hasFile(masks) ? masks : nil,
                split: json?["split"]?.string,
                source: json?["source"]?.string
            )
        }
    }
}
