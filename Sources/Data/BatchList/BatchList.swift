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

/// What no two rows may have in common.
private struct RowChecks {
    /// A hash of 128 bits, with seeds of this process: nobody can find two texts with the same.
    private struct Key: Hashable {
        let high: Int
        let low: Int

        init(_ text: String) {
            (high, low) = (Self.hash(text, 0), Self.hash(text, 1))
        }

        private static func hash(_ text: String, _ seed: UInt8) -> Int {
            var hasher = Hasher()
            hasher.combine(seed)
            var text = text
            text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
            return hasher.finalize()
        }
    }

    private var ids: [Key: Int32] = [:]
    private var written: [Key: Int32] = [:]
    private var read: [Key: Int32] = [:]

    /// - Returns: what is wrong with a row beside those before it; nil when nothing is.
    mutating func problem(_ row: BatchRow) -> (why: String, remedy: String)? {
        let line = Int32(clamping: row.line)
        if let first = ids.updateValue(line, forKey: Key(row.id)) {
            return ("'id' is that of line \(first): \(quoted(row.id))", "Give each row another id.")
        }
        var (writes, reads): ([(BatchRow.Field, BatchPlace)], [(BatchRow.Field, BatchPlace)]) =
            ([(.output, row.output)], [])
        switch row.video {
        case .clip(let input): reads.append((.input, input))
        case .cut(let cut):
            writes.append((.clip, cut.clip))
            reads.append((.source, cut.source))
        }
        if let prompts = row.prompts { reads.append((.prompts, prompts)) }
        for (field, place) in writes {
            let key = Key(place.name)
            if let first = written.updateValue(line, forKey: key) {
                return (
                    "'\(field.rawValue)' is what line \(first) writes too: \(quoted(place.name))",
                    "Give each row a folder, and each cut a file, of its own."
                )
            }
            if let first = read[key] { return Self.readProblem(field, place, first, isRead: true) }
        }
        for (field, place) in reads {
            let key = Key(place.name)
            if let first = written[key] {
                return Self.readProblem(field, place, first, isRead: false)
            }
            if read[key] == nil { read[key] = line }
        }
        return nil
    }

    private static func readProblem(
        _ field: BatchRow.Field,
        _ place: BatchPlace,
        _ line: Int32,
        isRead: Bool
    ) -> (why: String, remedy: String) {
        (
            "'\(field.rawValue)' is what line \(line) \(isRead ? "reads" : "writes"): "
                + quoted(place.name),
            "Rows are worked on in any order, on any machine: write to other places than others "
                + "read from."
        )
    }
}
