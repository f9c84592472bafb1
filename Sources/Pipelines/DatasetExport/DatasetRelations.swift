import DatasetProfiles
import Diagnostics
import Files

/// What rows of a data set must not have in common: their clip, and their source where they are in
/// different splits.
struct DatasetRelations {
    private let rows: [FoundRow]
    private let record: ExportRecord?

    /// - Parameters:
    ///   - rows: all rows that were found.
    ///   - record: what 8cut has written about the data set; nil for those of others.
    init(_ rows: [FoundRow], _ record: ExportRecord?) {
        self.rows = rows
        self.record = record
    }

    /// Adds what is wrong to the rows, of which there is one for each that was found.
    func check(_ checked: inout [DatasetCheck.Row]) {
        var clips: [ExactText: FoundRow] = [:]
        var sources: [ExactText: (row: FoundRow, split: String)] = [:]
        for (place, row) in rows.enumerated() {
            if let first = clips.updateValue(row, forKey: ExactText(row.clip)) {
                checked[place].rejections.append(
                    Rejection(.name, "\(first.place) has the same clip")
                )
            }
            guard let source = source(of: row), let split = row.split else { continue }
            guard let first = sources[ExactText(source)] else {
                sources[ExactText(source)] = (row, split)
                continue
            }
            guard !first.split.isExactly(split) else { continue }
            checked[place].rejections.append(
                Rejection(
                    .source,
                    "its source \(quoted(source)) is in another split too: \(first.row.place)"
                )
            )
        }
    }

    /// The source of a clip, by its table or else by the record.
    private func source(of row: FoundRow) -> String? {
        let source = row.source ?? record?.clips[row.clip]?.source ?? ""
        return source.isEmpty ? nil : source
    }
}
