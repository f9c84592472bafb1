import Diagnostics
import GRDB
import SystemPackage

/// The text in which `ClipFilter.words` are searched.
enum ClipText {
    /// The names of the clip and its source, its label and its category, folded.
    static func make(path: String, source: String, label: String?, category: String?) -> String {
        let names = [path, source].map { FilePath($0).lastComponent?.string ?? "" }
        return (names + [label ?? "", category ?? ""]).joined(separator: "\n").folded
    }

    /// The condition of clips with a word, and its value.
    static func condition(_ word: String) -> (sql: String, value: DatabaseValue) {
        let word = word.folded
        // Only letters outside ASCII can be written in more than one way.
        let isPlain = word.utf8.allSatisfy { $0 < 0x80 }
        return (
            isPlain ? "instr(clipText.text, ?) > 0" : "\(function.name)(clipText.text, ?)",
            word.databaseValue
        )
    }

    /// Whether a folded text has a folded word, in whatever form their letters are composed.
    static let function = DatabaseFunction("eightcut_has", argumentCount: 2, pure: true) { values in
        guard let text = String.fromDatabaseValue(values[0]),
            let word = String.fromDatabaseValue(values[1])
        else { return false }
        return text.contains(exactly: word) || text.containsEquivalent(of: word)
    }
}
