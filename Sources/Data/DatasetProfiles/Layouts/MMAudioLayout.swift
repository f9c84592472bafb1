import Diagnostics

/// `videos/<id>.mp4`, and `<split>.tsv` with the columns `id` and `label`, which pandas reads; what
/// other columns it has does not matter to the loader.
struct MMAudioLayout: DatasetLayout {
    private static let folder = "videos"
    private static let columns = ["id", "label"]

    func clip(_ row: DatasetRow) -> String { "\(Self.folder)/\(row.file)" }

    func tables(_ rows: [DatasetRow]) -> [DatasetText] {
        rows.bySplit().map { split, rows in
            let heading = Self.columns + ["source", "start"]
            let lines = rows.map { row in
                let isPlain = LabelTable.lines.objection(to: row.source) == nil
                return [row.stem, row.label, isPlain ? row.source : "", "\(row.start)"]
            }
            return DatasetText(
                "\(split.rawValue).tsv",
                DelimitedTable.text([heading] + lines, separator: "\t")
            )
        }
    }

    func rows(in folder: DatasetFolder) throws -> [FoundRow] {
        let tables = try folder.names().filter { $0.hasSuffix(exactly: ".tsv") }
        guard !tables.isEmpty else {
            throw folder.unreadable("train.tsv", "there is no such file")
        }
        return try tables.flatMap { table in
            try DelimitedTable.rows(
                table,
                in: folder,
                separator: "\t",
                columns: Self.columns,
                optional: ["source"]
            ).map {
                FoundRow(
                    place: "line \($0.line) of \(table)",
                    stem: $0.cells[0],
                    label: $0.cells[1],
                    clip: "\(Self.folder)/\($0.cells[0]).mp4",
                    split: table,
                    source: $0.cells[2]
                )
            }
        }
    }
}
