import Diagnostics

/// How a program reads the names and labels of clips.
package enum LabelTable: Sendable, Equatable {
    /// JSON keeps every text.
    case json
    /// Lines of a table with a tab or a comma between their cells.
    case lines
    /// Lines that pandas reads: some words are no text to it.
    case pandas
    /// The same, where the loader says that the names are texts.
    case pandasNamesAsText

    /// The cells that `pandas.read_csv` takes for missing values unless it is told otherwise, in
    /// quotes or not (`STR_NA_VALUES` in pandas/_libs/parsers.pyx).
    private static let missing: Set<[UInt8]> = Set(
        [
            "", "#N/A", "#N/A N/A", "#NA", "-1.#IND", "-1.#QNAN", "-NaN", "-nan", "1.#IND",
            "1.#QNAN", "<NA>", "N/A", "NA", "NULL", "NaN", "None", "n/a", "nan", "null",
        ].map { Array($0.utf8) }
    )

    /// What pandas takes for true and false in a column that has nothing else.
    private static let truths: Set<[UInt8]> = Set(
        ["True", "TRUE", "true", "False", "FALSE", "false"].map { Array($0.utf8) }
    )

    /// Whether pandas reads this label as a missing value, that is as a number without a value.
    package static func isMissing(_ label: String) -> Bool { missing.contains(Array(label.utf8)) }

    /// Looks for what the table would make of a label, or of a clip's name, by which its file is
    /// found.
    ///
    /// - Parameter cell: the text: a label that is not empty, or a name without its ending.
    /// - Returns: why it cannot be in the table; nil when it can.
    package func objection(to cell: String) -> String? {
        guard self != .json else { return nil }
        if cell.unicodeScalars.contains(where: { "\t\n\r".unicodeScalars.contains($0) }) {
            return "a tab or a line break ends a cell of the table"
        }
        guard self != .lines, Self.isMissing(cell) else { return nil }
        return "pandas, which reads the table, takes it for a missing value, in quotes as well"
    }

    /// Looks for what the table would make of all labels together.
    ///
    /// - Parameter labels: all of one table.
    /// - Returns: why they cannot be in the table; nil when they can.
    package func objection(toAll labels: [String]) -> String? {
        self == .json || self == .lines ? nil : Self.objection(toColumn: labels)
    }

    /// Looks for what the table would make of the names of all clips together.
    ///
    /// - Parameter names: all of one table.
    /// - Returns: why they cannot be in the table; nil when they can.
    package func objection(toAllNames names: [String]) -> String? {
        self == .pandas ? Self.objection(toColumn: names) : nil
    }

    /// One text among them that is something else is enough, and all are kept.
    private static func objection(toColumn cells: [String]) -> String? {
        guard !cells.isEmpty else { return nil }
        if cells.allSatisfy({ isNumber($0) || isMissing($0) }) {
            return "pandas takes a column that has nothing else for numbers: 001 becomes 1"
        }
        guard cells.allSatisfy({ truths.contains(Array($0.utf8)) }) else { return nil }
        return "pandas takes a column that has nothing else for true and false"
    }

    /// Whether pandas takes a cell for a number: digits with a sign, a point and an exponent, or
    /// infinity, after spaces and before them.
    static func isNumber(_ cell: String) -> Bool {
        let text = cell.utf8.drop { $0 == 0x20 }.reversed().drop { $0 == 0x20 }.reversed()
        var rest = Array(text)[...]
        if let sign = rest.first, sign == 0x2b || sign == 0x2d { rest.removeFirst() }
        let lower = rest.map { (0x41...0x5a).contains($0) ? $0 | 0x20 : $0 }
        if [Array("inf".utf8), Array("infinity".utf8)].contains(lower) { return true }
        func takeDigits() -> Int {
            let digits = rest.prefix { (0x30...0x39).contains($0) }.count
            rest.removeFirst(digits)
            return digits
        }
        var digits = takeDigits()
        if rest.first == 0x2e {
            rest.removeFirst()
            digits += takeDigits()
        }
        guard digits > 0 else { return false }
        if let mark = rest.first, mark | 0x20 == 0x65 {
            rest.removeFirst()
            if let sign = rest.first, sign == 0x2b || sign == 0x2d { rest.removeFirst() }
            guard takeDigits() > 0 else { return false }
        }
        return rest.isEmpty
    }
}
