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

    /// Looks for what the table would make of a label.
    ///
    /// - Parameter label: the text, which is not empty.
    /// - Returns: why it cannot be in the table; nil when it can.
    package func objection(to label: String) -> String? {
        objection(to: label, isText: self == .lines)
    }

    /// Looks for what the table would make of a clip's name, by which its file is found.
    ///
    /// - Parameter name: the name without its ending.
    /// - Returns: why it cannot be in the table; nil when it can.
    package func objection(toName name: String) -> String? {
        objection(to: name, isText: self != .pandas)
    }

    /// `isText` says that a column of numbers is kept as texts.
    private func objection(to cell: String, isText: Bool) -> String? {
        guard self != .json else { return nil }
        if cell.unicodeScalars.contains(where: { "\t\n\r".unicodeScalars.contains($0) }) {
            return "a tab or a line break ends a cell of the table"
        }
        guard self != .lines else { return nil }
        if Self.isMissing(cell) {
            return "pandas, which reads the table, takes it for a missing value, in quotes as well"
        }
        guard !isText, Double(cell) != nil || Self.truths.contains(Array(cell.utf8)) else {
            return nil
        }
        return "pandas, which reads the table, takes a column of such texts for numbers"
    }
}
