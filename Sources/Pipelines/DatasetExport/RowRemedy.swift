import DatasetProfiles
import Diagnostics
import SystemPackage

/// What the user can do about a row of a data set that the consumer would reject.
struct RowRemedy {
    let profile: DatasetProfile
    /// Whether 8cut wrote the data set.
    let isOurs: Bool
    let folder: FilePath

    /// The row, with what can be done about its rejections.
    func advised(_ row: DatasetCheck.Row) -> DatasetCheck.Row {
        var row = row
        row.rejections = row.rejections.map { rejection in
            var rejection = rejection
            rejection.remedy = rejection.remedy ?? remedy(rejection.rule)
            return rejection
        }
        return row
    }

    private func remedy(_ rule: Rejection.Rule) -> String {
        let export = "8cut dataset export --profile \(profile.name) --to FOLDER"
        guard !isOurs else {
            return "Write the data set again with \(shellLine(words)), and change nothing in it."
        }
        switch rule {
        case .frames, .samples, .rate, .size:
            return "Take the row out of the table, or import the clips with 8cut library import "
                + "and cut them again with \(export)."
        case .label, .name: return "Change the text in the table and in the names of its files."
        case .masks: return "Make the masks again with 8cut masks, and the data set with \(export)."
        case .file: return "Put the file in its place, or take the row out of the table."
        case .source: return "Put all clips of a source into one split, as \(export) --split does."
        case .table: return "Give the clip a row in a table, or move it away."
        }
    }

    private var words: [String] {
        ["8cut", "dataset", "export", "--profile", profile.name, "--to", folder.string]
    }
}
