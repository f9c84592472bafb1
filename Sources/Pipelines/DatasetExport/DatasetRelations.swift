import DatasetProfiles
import Diagnostics
import Files

/// What rows of a data set must not have in common: their clip, and where they are in different
/// splits their source and the content of their clips; and what the cells of a column must not all
/// be.
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
    func check(_ checked: inout [DatasetCheck.Row], _ profile: DatasetProfile) {
        checkContents(&checked)
        checkColumns(&checked, profile)
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

    /// Finds tables whose columns are nothing but numbers.
    private func checkColumns(_ checked: inout [DatasetCheck.Row], _ profile: DatasetProfile) {
        let tables = Dictionary(grouping: rows.indices) { place in
            profile.layout.hasOneTable ? nil : rows[place].split
        }
        for places in tables.values {
            let cells = places.map { (rows[$0].stem, rows[$0].label ?? "") }
            let objections = ColumnObjections(profile.table, cells)
            for (place, (name, label)) in zip(places, cells) {
                checked[place].rejections += objections.rejections(name, label)
            }
        }
    }

    /// Finds clips that are the same under other names.
    private func checkContents(_ checked: inout [DatasetCheck.Row]) {
        var known: [String: FoundRow] = [:]
        for (place, row) in rows.enumerated() {
            guard let content = checked[place].content else { continue }
            guard let first = known[content] else {
                known[content] = row
                continue
            }
            guard !first.clip.isExactly(row.clip) else { continue }
            let why = "its clip is the same as that of \(first.place)"
            if let split = row.split, let other = first.split, !split.isExactly(other) {
                checked[place].rejections.append(Rejection(.source, why + ", in another split"))
            } else {
                checked[place].warnings.append(why + ".")
            }
        }
    }

    /// The source of a clip, by its table or else by the record.
    private func source(of row: FoundRow) -> String? {
        let source = row.source ?? record?.clips[row.clip]?.source ?? ""
        return source.isEmpty ? nil : source
    }
}

/// What a table's reader makes of the columns of names and labels as a whole.
struct ColumnObjections {
    private let names: String?
    private let labels: String?

    /// - Parameters:
    ///   - table: how it is read.
    ///   - cells: the names and labels of all its rows.
    init(_ table: LabelTable, _ cells: [(name: String, label: String)]) {
        names = table.objection(toAllNames: cells.map(\.name))
        labels = table.objection(toAll: cells.map(\.label))
    }

    /// Why a row of the table would be misread.
    func rejections(_ name: String, _ label: String) -> [Rejection] {
        [
            names.map { Rejection(.name, "all names are like \(quoted(name)): \($0)") },
            labels.map { Rejection(.label, "all labels are like \(quoted(label)): \($0)") },
        ].compactMap(\.self)
    }
}
