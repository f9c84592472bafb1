import Diagnostics
import Files

/// `<top>/<folder>/<stem>.mp4` with the masks and the videos of the object alone in a folder of the
/// clip's name beside it, and `<split>.csv`, which is read by position: extraction takes cells 3 to 7
/// for the folder, the label, the stem, the split and the top folder, and training cells 0 and 1 for
/// the path without its ending and the label. One table does for both.
struct SAGANetLayout: DatasetLayout {
    private static let top = "videos"
    private static let ending = ".csv"

    func clip(_ row: DatasetRow) -> String { "\(Self.base(row)).mp4" }

    func masks(_ row: DatasetRow) -> String { Self.beside(row, "_mask") }

    func detail(_ row: DatasetRow) -> String { Self.beside(row, "_detail") }

    func maskDetail(_ row: DatasetRow) -> String { Self.beside(row, "_mask_detail") }

    private static func folder(_ row: DatasetRow) -> String { (row.split ?? .train).rawValue }

    private static func base(_ row: DatasetRow) -> String { "\(top)/\(folder(row))/\(row.stem)" }

    private static func beside(_ row: DatasetRow, _ suffix: String) -> String {
        "\(base(row))/\(row.stem)\(suffix).mp4"
    }

    func tables(_ rows: [DatasetRow]) -> [DatasetText] {
        rows.bySplit().map { split, rows in
            let heading = [
                "path", "caption", "start", "folder", "label", "stem", "split", "top", "source",
            ]
            let lines = rows.map { row in
                let isPlain = LabelTable.lines.objection(to: row.source) == nil
                return [
                    Self.base(row), row.label, "\(row.start)", Self.folder(row), row.label,
                    row.stem, split.rawValue, Self.top, isPlain ? row.source : "",
                ]
            }
            return DatasetText(
                split.rawValue + Self.ending,
                DelimitedTable.text([heading] + lines, separator: ",")
            )
        }
    }

    func rows(in folder: DatasetFolder) throws -> [FoundRow] {
        let tables = try folder.names().filter { $0.hasSuffix(exactly: Self.ending) }
        guard !tables.isEmpty else {
            throw folder.unreadable("train" + Self.ending, "there is no such file")
        }
        return try tables.flatMap { table in
            try DelimitedTable.lines(table, in: folder, separator: ",").dropFirst().map { row in
                guard row.cells.count > 7 else {
                    throw folder.unreadable(table, "line \(row.line) has less than 8 cells")
                }
                let (stem, base) = (row.cells[5], "\(row.cells[7])/\(row.cells[3])/\(row.cells[5])")
                return FoundRow(
                    place: "line \(row.line) of \(table)",
                    stem: stem,
                    label: row.cells[4],
                    clip: base + ".mp4",
                    masks: "\(base)/\(stem)_mask.mp4",
                    companions: ["_detail", "_mask_detail"].map { "\(base)/\(stem)\($0).mp4" },
                    split: row.cells[6],
                    source: row.cells.count > 8 ? row.cells[8] : nil
                )
            }
        }
    }
}
