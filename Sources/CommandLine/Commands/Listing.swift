import ArgumentParser
import Diagnostics
import Files
import FoundationEssentials
import Glibc

/// A value that lists show: as a row of a table, as JSON or as CSV.
protocol ListRow: Encodable {
    static var heading: [String] { get }
    /// The row of the table, without control characters.
    var cells: [String] { get }
}

/// Results on standard output.
enum Listing {
    /// Columns side by side, as wide as their widest cell.
    static func write<Row: ListRow>(table rows: [Row]) throws {
        try write(TextTable.lines([Row.heading] + rows.map(\.cells)))
    }

    /// Indented JSON.
    static func write(json value: some Encodable) throws {
        try write(JSONText.pretty(value))
    }

    /// Records after their heading.
    static func write(csv records: [[String]]) throws {
        try write(records.map(CSVText.line).joined(separator: "\n"))
    }

    /// - Throws: `ExitCode` of SIGPIPE when nobody reads the text; `EightCutError` when it cannot be
    ///   written.
    static func write(_ text: String) throws {
        do {
            try writeOutput(text)
        } catch is OutputClosed {
            throw ExitCode(128 + SIGPIPE)
        }
    }
}

/// Columns side by side.
enum TextTable {
    /// Rows of cells as lines.
    static func lines(_ rows: [[String]]) -> String {
        let rows = rows.map { cells in cells.map { visible($0) } }
        let columns = rows.map(\.count).max() ?? 0
        let widths = (0..<columns).map { column in
            rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0
        }
        return rows.map { row in
            // Nothing follows the last cell that has a text.
            let last = row.lastIndex { !$0.isEmpty } ?? 0
            return row.prefix(last + 1).enumerated().map { column, cell in
                let padding = column == last ? 0 : widths[column] - cell.count
                return cell + String(repeating: " ", count: padding)
            }.joined(separator: "  ")
        }.joined(separator: "\n")
    }
}

/// JSON with sorted keys.
enum JSONText {
    /// A value as JSON in one line.
    static func line(_ value: some Encodable) throws -> String {
        try text(value, [.sortedKeys, .withoutEscapingSlashes])
    }

    /// A value as indented JSON.
    static func pretty(_ value: some Encodable) throws -> String {
        try text(value, [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes])
    }

    private static func text(
        _ value: some Encodable,
        _ formatting: JSONEncoder.OutputFormatting
    ) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = formatting
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }
}
