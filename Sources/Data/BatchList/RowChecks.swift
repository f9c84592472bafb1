import Diagnostics

/// What no two rows may have in common.
package struct RowChecks {
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

    package init() {}

    /// - Returns: what is wrong with a row beside those before it; nil when nothing is.
    package mutating func problem(_ row: BatchRow) -> (why: String, remedy: String)? {
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
