import Diagnostics

/// `videos/<stem>.mp4`, and `<split>.csv` with the columns `index`, `video` and `prompt`, which
/// pandas reads. The paths are absolute: the program looks from where it was started.
struct HunyuanFoleyLayout: DatasetLayout {
    private static let columns = ["index", "video", "prompt"]

    var hasAbsolutePaths: Bool { true }

    func clip(_ row: DatasetRow) -> String { "videos/\(row.file)" }

    func tables(_ rows: [DatasetRow]) -> [DatasetText] {
        rows.bySplit().map { split, rows in
            let lines = rows.enumerated().map { number, row in
                ["\(number)", row.absolute(clip(row)), row.label]
            }
            return DatasetText(
                split.rawValue + ".csv",
                DelimitedTable.text([Self.columns] + lines, separator: ",")
            )
        }
    }

    func rows(in folder: DatasetFolder) throws -> [FoundRow] {
        try DelimitedTable.rows(
            ofAll: ".csv",
            in: folder,
            separator: ",",
            columns: ["video", "prompt"]
        ).map { table, line, cells in
            let name = cells[0].divided(atLast: "/").map { String($0.1) } ?? cells[0]
            return FoundRow(
                place: "line \(line) of \(table)",
                stem: name.divided(atLast: ".").map { String($0.0) } ?? name,
                label: cells[1],
                clip: folder.relative(cells[0]),
                split: table
            )
        }
    }
}
