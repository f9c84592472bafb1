import Diagnostics
import Files
import SystemPackage

/// A table whose first row names the columns, as people, spreadsheets and other programs write it:
/// CSV with commas, semicolons or tabs, a JSON array of objects, or JSON Lines.
struct CutTable: Sendable {
    /// A row with its cells by the names of the columns, without empty cells.
    struct Row: Sendable, Equatable {
        /// Its line in the file, from 1.
        let line: Int
        let cells: [String: String]
    }

    /// Why a table cannot be used.
    struct Fault: Error, Sendable, Equatable {
        /// From 1.
        let line: Int
        /// As a clause.
        let why: String
        let remedy: String

        init(_ line: Int, _ why: String, remedy: String = CutTable.columnsRemedy) {
            self.line = line
            self.why = why
            self.remedy = remedy
        }
    }

    /// The columns that are read.
    static let columns = [
        "start", "end", "duration", "input", "name", "label", "category",
    ]

    /// Other names of columns, those of `8cut library export` and of `dataset.json`.
    private static let aliases = ["source": "input", "path": "path"]

    /// What `8cut library export` and `8cut find` write besides; it follows from the others.
    private static let derived: Set = [
        "id", "frames", "framerate", "width", "height", "samplerate", "samples", "cutat", "masks",
        "score", "verdict", "reviewer", "startframe", "endframe", "kind", "rank", "shot", "reasons",
        "flags", "silence", "level", "bandwidth", "onsets", "still", "black", "clipping", "speech",
        "music",
    ]

    static let columnsRemedy =
        "The columns are \(columns.joined(separator: ", ")); only start is needed."

    let rows: [Row]
    /// What the user should know of the table: its encoding, columns that are not used.
    let notes: [String]

    /// - Throws: `Fault`.
    init(_ bytes: [UInt8]) throws(Fault) {
        let decoded: DecodedText
        do {
            decoded = try DecodedText(bytes)
        } catch {
            throw Fault(
                error.line,
                error.why,
                remedy: "Save the table as CSV, in UTF-8."
            )
        }
        var notes: [String] = []
        if decoded.encoding == .windows1252, let line = decoded.firstOtherLine {
            notes.append(
                "line \(line) is not UTF-8: the table was read as \(decoded.encoding.rawValue). "
                    + "Check the letters of names and labels."
            )
        }
        let text = decoded.text.trimmed
        let (rows, unused): ([Row], [String])
        if text.hasPrefix(exactly: "[") {
            (rows, unused) = try Self.json(Array(decoded.text.utf8))
        } else if text.hasPrefix(exactly: "{") {
            (rows, unused) = try Self.jsonObjects(decoded.text)
        } else {
            (rows, unused) = try Self.csv(decoded.text)
        }
        if !unused.isEmpty {
            let names = unused.prefix(10).map(quoted).joined(separator: ", ")
            let more = unused.count > 10 ? " and \(unused.count - 10) more" : ""
            notes.append(
                unused.count == 1
                    ? "the column \(names) is not used."
                    : "the columns \(names)\(more) are not used."
            )
        }
        // No path or name has one.
        if let row = rows.first(where: { $0.cells.values.contains { $0.utf8.contains(0) } }) {
            throw Fault(row.line, "it has a zero character", remedy: "Take it out.")
        }
        self.rows = rows
        self.notes = notes
    }

    // MARK: CSV

    private static func csv(_ text: String) throws(Fault) -> ([Row], unused: [String]) {
        let (body, firstLine, given) = withoutSeparatorLine(text)
        let separator = given ?? separator(of: body)
        let rows: [CSVText.Row]
        do {
            rows = try CSVText.rows(body, separator: separator, firstLine: firstLine)
        } catch {
            throw Fault(
                error.line,
                "a quotation mark is not closed",
                remedy: "Close it, or write it twice where it is part of the text."
            )
        }
        guard let head = rows.first(where: { $0.cells.contains { !$0.isEmpty } }) else {
            throw Fault(1, "it is empty")
        }
        let (names, unused) = try heading(head)
        var table: [Row] = []
        for row in rows where row.line > head.line {
            if let row = try Self.row(row, names, separator) { table.append(row) }
        }
        return (table, unused)
    }

    /// A line such as `sep=;`, which tells a spreadsheet the separator.
    private static func withoutSeparatorLine(_ text: String) -> (
        String, firstLine: Int, separator: Unicode.Scalar?
    ) {
        let scalars = text.unicodeScalars
        let end = scalars.firstIndex { $0 == "\n" || $0 == "\r" } ?? scalars.endIndex
        let line = text[..<end].trimming { $0 == "\"" || $0 == " " }
        guard line.lowercased().hasPrefix(exactly: "sep=") else { return (text, 1, nil) }
        let sign = line.unicodeScalars.dropFirst(4)
        let separator: Unicode.Scalar? =
            sign.first ?? (text[..<end].unicodeScalars.contains("\t") ? "\t" : nil)
        var rest = scalars[end...]
        if rest.first == "\r" { rest.removeFirst() }  // text: scalars
        if rest.first == "\n" { rest.removeFirst() }  // text: scalars
        return (String(rest), 2, separator)
    }

    /// The separator that divides the first row into the most names of columns. A table of one
    /// column has none, so that "1,5" stays whole.
    private static func separator(of text: String) -> Unicode.Scalar {
        let head = text.unicodeScalars.split(maxSplits: 1) { $0 == "\n" || $0 == "\r" }.first
        guard let head else { return "," }
        let signs: [Unicode.Scalar] = [",", ";", "\t"]
        let counts = signs.map { sign in
            Substring(head).split(exactly: sign).count { cell in
                let name = String(cell.trimming { $0 == "\"" || $0 == " " }).folded
                return columns.contains(name) || aliases[name] != nil
            }
        }
        guard let most = counts.max(), most > 0 else { return "," }
        guard head.contains(where: signs.contains) else { return ";" }
        return counts.firstIndex(of: most).map { signs[$0] } ?? ","
    }

    /// The names of the columns, nil for those that are not used.
    private static func heading(_ head: CSVText.Row) throws(Fault) -> (
        [String?], unused: [String]
    ) {
        var (names, unused): ([String?], [String]) = ([], [])
        for cell in head.cells {
            let name = cell.folded
            let known = columns.contains(name) ? name : aliases[name]
            if known == nil, !name.isEmpty, !derived.contains(name) { unused.append(cell) }
            guard let known else {
                names.append(nil)
                continue
            }
            guard !names.contains(known) else {
                throw Fault(head.line, "the column \(quoted(cell)) comes twice")
            }
            names.append(known)
        }
        guard names.contains("start") else {
            throw Fault(
                head.line,
                "it must name the columns, and there is no column start in "
                    + quoted(head.cells.joined(separator: " "))
            )
        }
        return (names, unused)
    }

    /// - Returns: nil for a row without a cell.
    private static func row(
        _ row: CSVText.Row,
        _ names: [String?],
        _ separator: Unicode.Scalar
    ) throws(Fault) -> Row? {
        guard row.cells.contains(where: { !$0.isEmpty }) else { return nil }
        let more = row.cells.dropFirst(names.count).contains { !$0.isEmpty }
        guard !more else {
            throw Fault(
                row.line,
                "it has more cells than there are columns",
                remedy: separator == ","
                    ? "Put a cell that has a comma in quotes, or separate the cells by semicolons."
                    : "Put a cell that has a separator in quotes."
            )
        }
        var cells: [String: String] = [:]
        for (name, cell) in zip(names, row.cells) where !cell.isEmpty {
            guard let name else { continue }
            // In a table of one column, commas at the end are empty cells.
            let text = names.count == 1 ? String(cell.trimming { $0 == "," || $0 == " " }) : cell
            cells[name] = CSVText.text(ofCell: text)
        }
        return Row(line: row.line, cells: cells)
    }

    // MARK: JSON

    private static func json(_ bytes: [UInt8]) throws(Fault) -> ([Row], unused: [String]) {
        let json: LocatedJSON
        do throws(JSONParseError) {
            json = try LocatedJSON(parsing: bytes, .lenient)
        } catch {
            throw Fault(error.line, error.why, remedy: "Write a JSON array of objects, or CSV.")
        }
        var (rows, unused): ([Row], [String]) = ([], [])
        for item in json.items ?? [] { rows.append(try row(item, item.line, &unused)) }
        return (rows, unused)
    }

    /// JSON Lines, or the document of `8cut find`.
    private static func jsonObjects(_ text: String) throws(Fault) -> ([Row], unused: [String]) {
        var (rows, unused): ([Row], [String]) = ([], [])
        if let document = try? LocatedJSON(parsing: Array(text.utf8), .lenient),
            let candidates = document.members?.first(where: { $0.name.isExactly("candidates") }),
            let items = candidates.value.items
        {
            for item in items { rows.append(try row(item, item.line, &unused)) }
            return (rows, unused)
        }
        for (index, line) in text.utf8.split(
            separator: UInt8(ascii: "\n"),
            omittingEmptySubsequences: false
        ).enumerated() {
            guard !Substring(line).trimmed.isEmpty else { continue }
            let item: LocatedJSON
            do throws(JSONParseError) {
                item = try LocatedJSON(parsing: Array(line), .lenient)
            } catch {
                throw Fault(index + 1, error.why, remedy: "Write a JSON object in each line.")
            }
            rows.append(try row(item, index + 1, &unused))
        }
        return (rows, unused)
    }

    private static func row(
        _ item: LocatedJSON,
        _ line: Int,
        _ unused: inout [String]
    ) throws(Fault) -> Row {
        guard let members = item.members else {
            throw Fault(line, "it is \(item.kind), not an object")
        }
        var cells: [String: String] = [:]
        for member in members {
            let name = member.name.folded
            guard let known = columns.contains(name) ? name : aliases[name] else {
                if !derived.contains(name), !unused.contains(member.name) {
                    unused.append(member.name)
                }
                continue
            }
            if let text = try text(member.value), !text.isEmpty { cells[known] = text }
        }
        return Row(line: line, cells: cells)
    }

    private static func text(_ value: LocatedJSON) throws(Fault) -> String? {
        switch value.content {
        case .null: return nil
        case .string(let text): return text
        case .number(let number):
            // Never with an exponent.
            guard (0...1e9).contains(number) else {
                throw Fault(value.line, "\(number) is no time")
            }
            return ClipStart.seconds(nanoseconds: Int((number * 1e9).rounded()))
        default: throw Fault(value.line, "it has \(value.kind) where a text or a number is needed")
        }
    }
}
