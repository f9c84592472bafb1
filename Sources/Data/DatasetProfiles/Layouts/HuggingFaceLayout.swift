import Diagnostics
import Files

/// `<split>/<stem>.mp4` and `<split>/metadata.jsonl`: `file_name` and `mask_file_name` become the
/// columns `video` and `mask`, and so does every other member under its own name.
struct HuggingFaceLayout: DatasetLayout {
    private static let table = "metadata.jsonl"

    func clip(_ row: DatasetRow) -> String { "\(Self.folder(row.split ?? .train))/\(row.file)" }

    func masks(_ row: DatasetRow) -> String {
        "\(Self.folder(row.split ?? .train))/\(Self.maskFile(row.stem))"
    }

    func tables(_ rows: [DatasetRow]) -> [DatasetText] {
        rows.bySplit().map { split, rows in
            // A column is one of all rows.
            let hasMasks = rows.contains { $0.maskMethod != nil }
            let lines = rows.map { row in
                var members: [String: JSONValue] = [
                    "file_name": .string(row.file), "label": .string(row.label),
                    "category": .string(row.category), "source": .string(row.source),
                    "start": .number(row.start), "duration": .number(row.duration),
                ]
                if hasMasks {
                    let name = row.maskMethod.map { _ in Self.maskFile(row.stem) }
                    members["mask_file_name"] = name.map { .string($0) } ?? .null
                }
                return members
            }
            return DatasetText("\(Self.folder(split))/\(Self.table)", JSONLines.text(lines))
        }
    }

    func rows(in folder: DatasetFolder) throws -> [FoundRow] {
        let folders = try folder.names().filter { folder.hasFile("\($0)/\(Self.table)") }
        guard !folders.isEmpty else {
            throw folder.unreadable("train/\(Self.table)", "there is no such file")
        }
        return try folders.flatMap { try Self.rows(of: $0, in: folder) }
    }

    private static func rows(of split: String, in folder: DatasetFolder) throws -> [FoundRow] {
        let path = "\(split)/\(table)"
        return try JSONLines.rows(path, in: folder).map { line, json in
            let place = "line \(line) of \(path)"
            guard let file = json["file_name"]?.string else {
                throw folder.unreadable(path, "line \(line) has no file_name")
            }
            return FoundRow(
                place: place,
                stem: file.divided(atLast: ".").map { String($0.0) } ?? file,
                label: json["label"]?.string,
                clip: "\(split)/\(file)",
                masks: json["mask_file_name"]?.string.map { "\(split)/\($0)" },
                split: split,
                source: json["source"]?.string
            )
        }
    }

    private static func maskFile(_ stem: String) -> String { stem + "_mask.mp4" }

    /// The name of a split there.
    private static func folder(_ split: DatasetSplit) -> String {
        split == .val ? "validation" : split.rawValue
    }
}
