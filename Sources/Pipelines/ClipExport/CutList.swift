import Diagnostics
import Files
import Media
import SystemPackage

/// A table of cuts: CSV in UTF-8 whose first line names the columns.
package struct CutList: Sendable {
    /// Values for the cells that a line leaves empty.
    package struct Defaults: Sendable {
        let input: FilePath?
        let name: String?
        let label: String?
        let category: String?
        let settings: CutSettings
        let count: Int
        let spread: Int

        package init(
            input: FilePath?,
            name: String?,
            label: String?,
            category: String?,
            settings: CutSettings,
            count: Int,
            spread: Int
        ) {
            self.input = input
            self.name = name
            self.label = label
            self.category = category
            self.settings = settings
            self.count = count
            self.spread = spread
        }
    }

    /// The requests of the lines, in their order.
    package let requests: [ExportRequest]

    private static let mostBytes = 64 << 20

    private static let columns = ["start", "input", "name", "duration", "label", "category"]

    /// Reads a table.
    ///
    /// - Parameters:
    ///   - path: the file. Inputs in it are relative to its folder.
    ///   - defaults: values for empty cells.
    /// - Throws: `EightCutError` that names the line.
    package init(_ path: FilePath, _ defaults: Defaults) throws {
        let bytes: [UInt8]
        do {
            bytes = try SmallFile.read(path, limit: Self.mostBytes)
        } catch Errno.fileTooLarge {
            throw Self.error(path, 1, "it has more than \(ByteCount.approximate(Self.mostBytes))")
        } catch let error as Errno {
            throw EightCutError(.inputMissing, "cannot read", on: path.string, because: "\(error)")
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw Self.error(path, 1, "it is not UTF-8")
        }
        guard let rows = CSVText.rows(text) else {
            throw Self.error(path, 1, "a quotation mark is not closed")
        }
        guard let head = rows.first else { throw Self.error(path, 1, "it is empty") }
        let names = head.cells.map { $0.lowercased() }
        if let other = names.first(where: { !Self.columns.contains($0) }) {
            let known = Self.columns.joined(separator: ", ")
            throw Self.error(path, 1, "there is no column \(quoted(other)); there are \(known)")
        }
        guard names.contains("start"), Set(names).count == names.count else {
            throw Self.error(path, 1, "it must name its columns, each once, and start is needed")
        }
        requests = try rows.dropFirst().map { row in
            guard row.cells.count <= names.count else {
                throw Self.error(path, row.line, "it has more cells than there are columns")
            }
            let cells = Dictionary(uniqueKeysWithValues: zip(names, row.cells))
                .mapValues(CSVText.text(ofCell:))
            return try Self.request(cells.filter { !$0.value.isEmpty }, row.line, path, defaults)
        }
        guard !requests.isEmpty else { throw Self.error(path, 2, "there are no cuts in it") }
    }

    private static func request(
        _ cells: [String: String],
        _ line: Int,
        _ path: FilePath,
        _ defaults: Defaults
    ) throws -> ExportRequest {
        guard let text = cells["start"] else { throw error(path, line, "it has no start") }
        guard let start = ClipStart(text) else {
            throw error(path, line, "\(quoted(text)) is no start")
        }
        let folder = path.removingLastComponent()
        guard let input = cells["input"].map({ folder.pushing(FilePath($0)) }) ?? defaults.input
        else { throw error(path, line, "it has no input, and there is none for all lines") }
        guard let name = cells["name"] ?? defaults.name else {
            throw error(path, line, "it has no name, and there is none for all lines")
        }
        var settings = defaults.settings
        if let text = cells["duration"] {
            guard let nanoseconds = ClipStart.nanoseconds(text),
                let duration = Rational(nanoseconds, 1_000_000_000),
                (0.01...86_400).contains(duration.value)
            else { throw error(path, line, "\(quoted(text)) is no duration") }
            settings.duration = duration
        }
        var request = ExportRequest(
            input: input,
            start: start,
            name: name,
            label: cells["label"] ?? defaults.label,
            category: cells["category"] ?? defaults.category,
            settings: settings
        )
        request.count = defaults.count
        request.spread = defaults.spread
        request.origin = "line \(line) of \(path.lastComponent?.string ?? path.string)"
        return request
    }

    private static func error(_ path: FilePath, _ line: Int, _ why: String) -> EightCutError {
        EightCutError(
            .usage,
            "cannot use the list",
            on: path.string,
            because: "line \(line): \(why)",
            remedy: "The columns are \(columns.joined(separator: ", ")); only start is needed."
        )
    }
}
