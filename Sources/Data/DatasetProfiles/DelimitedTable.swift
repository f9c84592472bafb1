import Diagnostics
import Files

/// Tables with tabs or commas as pandas and Python's csv read them: cells in quotes where needed.
enum DelimitedTable {
    /// Lines with a separator between their cells.
    static func text(_ rows: [[String]], separator: String) -> String {
        rows.map { $0.map { cell($0, separator) }.joined(separator: separator) + "\n" }.joined()
    }

    private static func cell(_ text: String, _ separator: String) -> String {
        let special = (separator + "\"\r\n").unicodeScalars
        guard text.unicodeScalars.contains(where: { special.contains($0) }) else { return text }
        return "\"" + text.replacing(exactly: "\"", with: "\"\"") + "\""
    }

    /// The rows of all tables in a folder whose names end alike.
    ///
    /// - Returns: each with its table and its line.
    /// - Throws: `EightCutError` when there is no table, a quotation mark is open, or a column is
    ///   missing.
    static func rows(
        ofAll ending: String,
        in folder: DatasetFolder,
        separator: Unicode.Scalar,
        columns: [String],
        optional: [String] = []
    ) throws -> [(table: String, line: Int, cells: [String])] {
        let tables = try folder.names().filter { $0.hasSuffix(exactly: ending) }
        guard !tables.isEmpty else {
            throw folder.unreadable("train" + ending, "there is no such file")
        }
        return try tables.flatMap { table in
            try rows(
                table,
                in: folder,
                separator: separator,
                columns: columns,
                optional: optional
            ).map { (table, $0.line, $0.cells) }
        }
    }

    /// The rows of a table by the names of its first line.
    ///
    /// - Returns: each with its line; "" for the cells of optional columns that are not there.
    /// - Throws: `EightCutError` when there is no such file, a quotation mark is open, a column is
    ///   missing, or a row has more cells than there are columns.
    static func rows(
        _ path: String,
        in folder: DatasetFolder,
        separator: Unicode.Scalar,
        columns: [String],
        optional: [String] = []
    ) throws -> [(line: Int, cells: [String])] {
        let rows = try lines(path, in: folder, separator: separator)
        let heading = rows.first?.cells ?? []
        let places = try columns.map { name in
            guard let place = heading.firstIndex(where: { $0.isExactly(name) }) else {
                throw folder.unreadable(path, "its first line has no column \(quoted(name))")
            }
            return place
        }
        let others = optional.map { name in heading.firstIndex { $0.isExactly(name) } ?? -1 }
        return try rows.dropFirst().map { row in
            guard row.cells.count <= heading.count else {
                let (count, most) = (row.cells.count, heading.count)
                throw folder.unreadable(
                    path,
                    "line \(row.line) has \(count) cells, and the first line \(most)"
                )
            }
            let cells = (places + others).map {
                row.cells.indices.contains($0) ? row.cells[$0] : ""
            }
            return (row.line, cells)
        }
    }

    /// All rows of a table, the first line too.
    ///
    /// - Throws: `EightCutError` when there is no such file, or a quotation mark is open.
    static func lines(
        _ path: String,
        in folder: DatasetFolder,
        separator: Unicode.Scalar
    ) throws -> [CSVText.Row] {
        guard let text = try folder.text(path) else {
            throw folder.unreadable(path, "there is no such file")
        }
        do {
            return try CSVText.rows(text, separator: separator)
        } catch {
            throw folder.unreadable(path, "line \(error.line) has a quotation mark without another")
        }
    }
}
