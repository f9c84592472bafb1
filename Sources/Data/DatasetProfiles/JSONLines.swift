import Diagnostics
import Files

/// Tables with a JSON object in each line.
enum JSONLines {
    /// The text of a table.
    static func text(_ rows: [[String: JSONValue]]) -> String {
        rows.map { ((try? JSONText.line($0)) ?? "{}") + "\n" }.joined()
    }

    /// The rows of a table; lines without text are left out.
    ///
    /// - Returns: each with its line; none where there is no such file.
    /// - Throws: `EightCutError` when the file cannot be read, or a line is no JSON.
    static func rows(
        _ path: String,
        in folder: DatasetFolder
    ) throws -> [(line: Int, json: LocatedJSON)] {
        let text = try folder.text(path) ?? ""
        let lines = text.split(exactly: "\n", omittingEmptySubsequences: false).enumerated()
        return try lines.filter { !$0.element.trimmed.isEmpty }.map { number, line in
            guard let json = try? LocatedJSON(parsing: Array(line.utf8), .lenient) else {
                throw folder.unreadable(path, "line \(number + 1) is no JSON")
            }
            return (number + 1, json)
        }
    }
}
