import Diagnostics

/// `videos/<id>.mp4`, and a table for each split, which pandas reads, with the columns `id` and the
/// label; what other columns it has does not matter to the loaders.
struct VideoTableLayout: DatasetLayout {
    private static let folder = "videos"

    /// The ending of the tables: ".tsv".
    let ending: String
    let separator: Unicode.Scalar
    /// The columns that have the label.
    let captions: [String]

    func clip(_ row: DatasetRow) -> String { "\(Self.folder)/\(row.file)" }

    func tables(_ rows: [DatasetRow]) -> [DatasetText] {
        rows.bySplit().map { split, rows in
            let heading = ["id"] + captions + ["source", "start"]
            let lines = rows.map { row in
                let isPlain = LabelTable.lines.objection(to: row.source) == nil
                let source = isPlain ? row.source : ""
                return [row.stem] + captions.map { _ in row.label } + [source, "\(row.start)"]
            }
            return DatasetText(
                split.rawValue + ending,
                DelimitedTable.text([heading] + lines, separator: "\(separator)")
            )
        }
    }

    func rows(in folder: DatasetFolder) throws -> [FoundRow] {
        try DelimitedTable.rows(
            ofAll: ending,
            in: folder,
            separator: separator,
            columns: ["id"] + captions.prefix(1),
            optional: ["source"]
        ).map { table, line, cells in
            FoundRow(
                place: "line \(line) of \(table)",
                stem: cells[0],
                label: cells[1],
                clip: "\(Self.folder)/\(cells[0]).mp4",
                split: table,
                source: cells[2]
            )
        }
    }
}
