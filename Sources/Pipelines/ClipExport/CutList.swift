import ClipLibrary
import Diagnostics
import Files
import Media
import SystemPackage

/// A table of cuts, one clip or `count` clips for each row.
package struct CutList: Sendable {
    /// Values for the cells that a line leaves empty.
    package struct Defaults: Sendable {
        let input: FilePath?
        /// `s3://bucket/key`, in the place of `input`.
        package var inputAddress: String?
        let name: String?
        let label: String?
        let category: String?
        let settings: CutSettings
        let count: Int
        let spread: Int
        /// Whether clips without a name have that of their source.
        package var namesBySource = false

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
    /// What the user should know of the table, as sentences.
    package let notes: [String]

    private static let mostBytes = 64 << 20

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
            let most = ByteCount.approximate(Self.mostBytes)
            throw Self.error(
                path,
                CutTable.Fault(1, "it has more than \(most)", remedy: "Divide it into several.")
            )
        } catch let error as Errno {
            throw EightCutError(.inputMissing, "cannot read", on: path.string, because: "\(error)")
        }
        do throws(CutTable.Fault) {
            let table = try CutTable(bytes)
            var requests: [ExportRequest] = []
            for row in table.rows {
                requests.append(try CutRow(row, path, defaults).request())
            }
            guard !requests.isEmpty else { throw CutTable.Fault(2, "there are no cuts in it") }
            self.requests = requests
            let name = path.lastComponent?.string ?? path.string
            notes = table.notes.map { "\(quoted(name)): \($0)" }
        } catch {
            throw Self.error(path, error)
        }
    }

    private static func error(_ path: FilePath, _ fault: CutTable.Fault) -> EightCutError {
        EightCutError(
            .usage,
            "cannot use the list",
            on: path.string,
            because: "line \(fault.line): \(fault.why)",
            remedy: fault.remedy
        )
    }
}

/// A row of the table and what becomes of it.
private struct CutRow {
    private let row: CutTable.Row
    private let list: FilePath
    private let defaults: CutList.Defaults

    init(_ row: CutTable.Row, _ list: FilePath, _ defaults: CutList.Defaults) {
        self.row = row
        self.list = list
        self.defaults = defaults
    }

    func request() throws(CutTable.Fault) -> ExportRequest {
        let start = try start()
        var settings = defaults.settings
        if let duration = try duration(from: start) { settings.duration = duration }
        var request = ExportRequest(
            input: try input(),
            start: start,
            name: try name(),
            label: row.cells["label"] ?? defaults.label,
            category: row.cells["category"] ?? defaults.category,
            settings: settings
        )
        request.inputAddress = inputAddress
        request.count = defaults.count
        request.spread = defaults.spread
        request.skipsExisting = true
        request.origin = "line \(row.line) of \(list.lastComponent?.string ?? list.string)"
        return request
    }

    private func start() throws(CutTable.Fault) -> ClipStart {
        guard let text = row.cells["start"] else {
            throw fault("it has no start", remedy: "Write when the clip begins, or @frame.")
        }
        do {
            return try ClipStart(parsing: text)
        } catch {
            throw fault(error.why, remedy: "Write seconds, h:m:s, h:m:s:frame, or @frame.")
        }
    }

    private var inputAddress: String? {
        guard let text = row.cells["input"] else { return defaults.inputAddress }
        return text.hasPrefix(exactly: "s3://") ? text : nil
    }

    private func input() throws(CutTable.Fault) -> FilePath {
        if let text = row.cells["input"] {
            return TypedPath(text, in: list.removingLastComponent()).path
        }
        guard let input = defaults.input else {
            throw fault(
                "it has no input, and there is none for all lines",
                remedy: "Name the video in the column input, or for all lines."
            )
        }
        return input
    }

    private func name() throws(CutTable.Fault) -> String {
        if let name = row.cells["name"] { return name }
        // What dataset.json and earlier exports of the library have.
        let file = row.cells["path"].flatMap { FilePath($0).lastComponent?.string }
        if let file, let base = ClipName.base(of: file), defaults.name == nil { return base }
        if defaults.namesBySource, defaults.name == nil, let stem = try input().stem {
            return stem
        }
        guard let name = defaults.name else {
            throw fault(
                "it has no name, and there is none for all lines",
                remedy: "Name the clip in the column name, or for all lines."
            )
        }
        return name
    }

    /// The length of the clip in seconds; nil for that of all lines.
    private func duration(from start: ClipStart) throws(CutTable.Fault) -> Rational? {
        let given = try row.cells["duration"].map { text throws(CutTable.Fault) in
            guard let length = ClipStart.nanoseconds(text) else {
                throw fault("\(quoted(text)) is no duration", remedy: Self.lengths)
            }
            return length
        }
        let toEnd = try row.cells["end"].map { text throws(CutTable.Fault) in
            try length(from: start, to: text)
        }
        if let given, let toEnd, abs(given - toEnd) > 1_000_000 {
            throw fault(
                "from start to end it is \(ClipStart.seconds(nanoseconds: toEnd)) s, but its "
                    + "duration is \(ClipStart.seconds(nanoseconds: given)) s",
                remedy: "Leave one of them out."
            )
        }
        guard let nanoseconds = given ?? toEnd else { return nil }
        guard let duration = Rational(nanoseconds, 1_000_000_000),
            (0.01...86_400).contains(duration.value)
        else {
            throw fault(
                "a clip of \(ClipStart.seconds(nanoseconds: nanoseconds)) s cannot be cut",
                remedy: "A clip lasts between 0.01 s and a day."
            )
        }
        return duration
    }

    private static let lengths = "Write seconds, such as 2.5, or h:m:s."

    private func length(from start: ClipStart, to text: String) throws(CutTable.Fault) -> Int {
        guard case .time(let first) = start, let end = ClipStart.nanoseconds(text) else {
            throw fault(
                "\(quoted(text)) is no end for a clip from \(start)",
                remedy: "Start and end must be times; or write a duration."
            )
        }
        guard end > first else {
            throw fault(
                "it ends at \(quoted(text)), before it begins",
                remedy: "The end is a time of the video, not a duration."
            )
        }
        return end - first
    }

    private func fault(_ why: String, remedy: String) -> CutTable.Fault {
        CutTable.Fault(row.line, why, remedy: remedy)
    }
}
