import Diagnostics

/// Reads and writes CSV (RFC 4180).
package enum CSVText {
    package struct Row: Equatable {
        /// Its line in the file, from 1.
        package let line: Int
        package let cells: [String]
    }

    /// A quotation mark that is not closed.
    package struct OpenQuote: Error, Equatable {
        /// The line of the mark, from 1.
        package let line: Int
    }

    /// The rows of a text, without empty lines and without spaces around unquoted cells.
    ///
    /// - Returns: nil when a quotation mark is not closed.
    package static func rows(_ text: String) -> [Row]? { try? rows(text, separator: ",") }

    /// The same with another separator. Lines end with LF, CR LF or CR.
    ///
    /// - Throws: `OpenQuote`.
    package static func rows(
        _ text: String,
        separator: Unicode.Scalar,
        firstLine: Int = 1
    ) throws(OpenQuote) -> [Row] {
        var rows: [Row] = []
        var cells: [String] = []
        var cell = ""
        var (isQuoted, wasQuoted) = (false, false)
        var (line, rowLine, quoteLine) = (firstLine, firstLine, firstLine)
        func endCell() {
            cells.append(wasQuoted ? cell : cell.unpadded)
            (cell, wasQuoted) = ("", false)
        }
        func endRow() {
            endCell()
            if cells != [""] { rows.append(Row(line: rowLine, cells: cells)) }
            cells = []
        }
        var rest = Array(text.unicodeScalars)[...]
        if rest.first == "\u{feff}" { rest.removeFirst() }  // text: scalars
        while let scalar = rest.popFirst() {
            // Of CR LF the second ends the line.
            let isEnd = scalar == "\n" || scalar == "\r" && rest.first != "\n"  // text: scalars
            if isEnd { line += 1 }
            switch scalar {
            case "\"" where isQuoted && rest.first == "\"":  // text: scalars
                rest = rest.dropFirst()
                cell.unicodeScalars.append(scalar)
            case "\"" where isQuoted: isQuoted = false
            // Stops at the first scalar that is no space, so the time stays linear.
            case "\""
            where !wasQuoted && cell.unicodeScalars.allSatisfy { $0 == " " || $0 == "\t" }:
                (cell, isQuoted, wasQuoted) = ("", true, true)
                quoteLine = line
            case _ where isQuoted: cell.unicodeScalars.append(scalar)
            case separator: endCell()
            case _ where isEnd:
                endRow()
                rowLine = line
            case "\r": break
            default:
                if !wasQuoted || scalar != " " { cell.unicodeScalars.append(scalar) }
            }
        }
        guard !isQuoted else { throw OpenQuote(line: quoteLine) }
        if !cell.isEmpty || !cells.isEmpty || wasQuoted { endRow() }
        return rows
    }

    /// Cells as one line, without its end.
    package static func line(_ cells: [String]) -> String {
        cells.map { cell in
            // Some programs take a semicolon or a tab for the separator. Spaces around a cell
            // without quotes are not read.
            let needsQuotes =
                cell.unicodeScalars.contains { ",;\"\r\n\t".unicodeScalars.contains($0) }
                || !cell.unpadded.isExactly(cell)
            return needsQuotes ? "\"" + cell.replacing(exactly: "\"", with: "\"\"") + "\"" : cell
        }.joined(separator: ",")
    }

    /// A text as a cell that a spreadsheet does not run: with an apostrophe before what would
    /// begin a formula. Cells of numbers are not for this: -1 is one.
    package static func cell(ofText text: String) -> String {
        isFormula(text) ? "'" + text : text
    }

    /// The text of a cell, without the apostrophe that `cell(ofText:)` puts before it.
    package static func text(ofCell cell: String) -> String {
        guard let rest = cell.removing(prefix: "'"), isFormula(rest) else { return cell }
        return String(rest)
    }

    /// Whether a cell is a formula, but for any apostrophes before it: counting them makes
    /// reading exact.
    private static func isFormula(_ text: some StringProtocol) -> Bool {
        switch text.unicodeScalars.first(where: { $0 != "'" }) {
        // The signs of full width begin formulas too, where Chinese and Japanese are written.
        case "=", "+", "-", "@", "\t", "\r", "\n", "\u{ff1d}", "\u{ff0b}", "\u{ff0d}",
            "\u{ff20}":
            true
        default: false
        }
    }
}

extension String {
    /// Without spaces and tabs at its ends.
    fileprivate var unpadded: String { String(trimming { $0 == " " || $0 == "\t" }) }
}
