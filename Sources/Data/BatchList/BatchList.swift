import Diagnostics
import Files
import Glibc
import SystemPackage

/// A list of rows: JSON lines, from a file or from standard input.
///
/// The whole list is checked when it is opened, so that a mistake in its last line is known before
/// any work is done. Rows are not kept: they are read again, one by one, when they are asked for.
package final class BatchList: Sendable {
    /// What relative paths of the list are relative to; absolute.
    package let folder: FilePath
    /// The list's path, or `-`.
    package let name: String
    private let bytes: ListBytes
    private let places: [ListPlace]

    /// The most bytes of a line.
    private static let mostBytes = 1 << 20

    /// Opens a list and checks it.
    ///
    /// - Parameters:
    ///   - name: its path; `-` for standard input.
    ///   - input: stands for standard input.
    /// - Throws: `EightCutError`: `inputMissing` when it cannot be read; `usage`, with line and
    ///   field, for the first mistake in it, and when it has no rows; `CancellationError`.
    package init(_ name: String, input: FileDescriptor = .standardInput) throws {
        let path = FilePath(name).absolute
        self.name = name.isExactly("-") ? "standard input" : name
        folder =
            name.isExactly("-")
            ? FilePath(".").absolute.lexicallyNormalized()
            : path.removingLastComponent().lexicallyNormalized()
        bytes =
            try name.isExactly("-") ? ListBytes(input, of: self.name) : ListBytes(path, of: name)
        var places: [ListPlace] = []
        var check = RowChecks()
        let (folder, list) = (folder, self.name)
        try bytes.forEachLine(mostBytes: Self.mostBytes) { line, start, text in
            guard text.contains(where: { ![0x20, 0x09, 0x0d].contains($0) }) else { return }
            guard places.count % 1000 != 999 || !Task.isCancelled else { throw CancellationError() }
            guard text.count <= Self.mostBytes else {
                let most = ByteCount.approximate(Self.mostBytes)
                throw Self.error(list, line, "it has more than \(most)", "Write shorter lines.")
            }
            let row = try Self.row(Array(text), line, in: folder, list)
            if let (why, remedy) = check.problem(row) { throw Self.error(list, line, why, remedy) }
            places.append(
                ListPlace(
                    start: start,
                    length: Int32(text.count),
                    line: Int32(clamping: line),
                    cost: row.cost ?? -1
                )
            )
        }
        guard !places.isEmpty else {
            throw EightCutError(
                .usage,
                "cannot use the list",
                on: self.name,
                because: "it has no rows",
                remedy: "Write one JSON object in each line."
            )
        }
        self.places = places
    }

    /// Whether the first line of a file is a row; also for an empty file.
    ///
    /// - Throws: `EightCutError` when the file cannot be read.
    static func isList(_ path: FilePath) throws -> Bool {
        struct Found: Error { let isRow: Bool }
        let bytes = try ListBytes(path, of: path.string)
        do {
            try bytes.forEachLine(mostBytes: mostBytes) { line, _, text in
                let row = try? row(Array(text), line, in: "/", path.string)
                throw Found(isRow: row != nil)
            }
            return true
        } catch let found as Found {
            return found.isRow
        }
    }

    /// How many rows there are.
    package var count: Int { places.count }

    /// The places of a shard's rows.
    package func rows(of shard: BatchShard) -> Range<Int> {
        shard.rows(costs: places.map { $0.cost < 0 ? nil : $0.cost })
    }

    /// Reads a row.
    ///
    /// - Parameter place: from 0.
    /// - Returns: the row.
    /// - Throws: `EightCutError` when the list cannot be read any more, or has been changed.
    package func row(_ place: Int) throws -> BatchRow {
        let found = places[place]
        let text = try bytes.read(found.start..<found.start + Int(found.length))
        return try Self.row(text, Int(found.line), in: folder, name)
    }

    /// The error for a mistake in a row that only its reader knows.
    ///
    /// - Parameters:
    ///   - row: read from this list.
    ///   - field: the field that is wrong.
    ///   - why: as a clause without a subject: "is no time".
    ///   - remedy: what to write.
    /// - Returns: the error.
    package func problem(
        in row: BatchRow,
        _ field: BatchRow.Field,
        _ why: String,
        remedy: String?
    ) -> EightCutError {
        Self.error(name, row.line, "\(quoted(field.rawValue)) \(why)", remedy)
    }

    private static func row(
        _ text: [UInt8],
        _ line: Int,
        in folder: FilePath,
        _ list: String
    ) throws -> BatchRow {
        try BatchRow(parsing: text, line: line, in: folder) { _, why, remedy in
            error(list, line, why, remedy)
        }
    }

    private static func error(
        _ list: String,
        _ line: Int,
        _ why: String,
        _ remedy: String?
    ) -> EightCutError {
        EightCutError(
            .usage,
            "cannot use the list",
            on: list,
            because: "line \(line): \(why)",
            remedy: remedy
        )
    }
}

/// Where a row is in the list, and what it costs: 24 bytes, since there may be a million.
private struct ListPlace: Sendable {
    let start: Int
    let length: Int32
    let line: Int32
    /// -1 when it is not known.
    let cost: Int
}
