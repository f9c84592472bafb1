import Diagnostics

/// Reads and writes CSV (RFC 4180).
package enum CSVText {
    package struct Row: Equatable {
        /// Its line in the file, from 1.
        package let line: Int
        package let cells: [String]
    }

    /// The rows of a text, without empty lines and without spaces around unquoted cells.
    ///
    /// - Returns: nil when a quotation mark is not closed.
    package static func rows(_ text: String) -> [Row]? {
        var rows: [Row] = []
        var cells: [String] = []
        var cell = ""
        var (isQuoted, wasQuoted) = (false, false)
        var (line, firstLine) = (1, 1)
        func endCell() {
            cells.append(wasQuoted ? cell : cell.unpadded)
            (cell, wasQuoted) = ("", false)
        }
        func endRow() {
            endCell()
            if cells != [""] { rows.append(Row(line: firstLine, cells: cells)) }
            cells = []
        }
        var rest = Array(text.unicodeScalars)[...]
        if rest.first == "\u{feff}" { rest = rest.dropFirst() }
        while let scalar = rest.popFirst() {
            if scalar == "\n" { line += 1 }
            switch scalar {
            case "\"" where isQuoted && rest.first == "\"":
                rest = rest.dropFirst()
                cell.unicodeScalars.append(scalar)
            case "\"" where isQuoted: isQuoted = false
            case "\"" where cell.unpadded.isEmpty && !wasQuoted:
                (cell, isQuoted, wasQuoted) = ("", true, true)
            case _ where isQuoted: cell.unicodeScalars.append(scalar)
            case ",": endCell()
            case "\r": break
            case "\n":
                endRow()
                firstLine = line
            default:
                if !wasQuoted || scalar != " " { cell.unicodeScalars.append(scalar) }
            }
        }
        guard !isQuoted else { return nil }
        if !cell.isEmpty || !cells.isEmpty || wasQuoted { endRow() }
        return rows
    }

    /// Cells as one line, without its end.
    package static func line(_ cells: [String]) -> String {
        cells.map { cell in
            let needsQuotes = cell.unicodeScalars.contains { ",\"\r\n".unicodeScalars.contains($0) }
            return needsQuotes ? "\"" + cell.replacing(exactly: "\"", with: "\"\"") + "\"" : cell
        }.joined(separator: ",")
    }
}

extension String {
    /// Without spaces and tabs at its ends.
    fileprivate var unpadded: String { String(trimming { $0 == " " || $0 == "\t" }) }
}
