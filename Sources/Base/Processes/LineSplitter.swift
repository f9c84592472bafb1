/// Splits bytes that come in pieces of any size into lines.
///
/// What a line has beyond the limit is dropped, so that a child that never ends its line fills no
/// memory.
package struct LineSplitter: Sendable {
    /// What ends a line.
    package enum End: Sendable {
        /// A line feed, and nothing else: a carriage return or a Unicode line separator inside a
        /// line, which may come from a file's metadata, cannot begin a new one.
        case lineFeed
        /// Also a carriage return, as in progress bars. Empty lines are left out.
        case terminal
    }

    /// The most bytes that are kept of a line.
    package static let limit = 64 << 10

    private let end: End
    private let limit: Int
    private var piece: [UInt8] = []
    private var place = 0
    private var line: [UInt8] = []
    private var isInLine = false

    package init(_ end: End, limit: Int = Self.limit) {
        self.end = end
        self.limit = limit
    }

    /// Adds a piece. `next` must have returned nil before.
    package mutating func add(_ bytes: [UInt8]) {
        piece = bytes
        place = 0
    }

    /// The next line that is complete; nil when more bytes are needed.
    package mutating func next() -> String? {
        while place < piece.count {
            let rest = piece[place...]
            guard let index = firstEnd(in: rest) else {
                take(rest)
                place = piece.count
                return nil
            }
            take(rest[..<index])
            place = index + 1
            if let line = finish() { return line }
        }
        return nil
    }

    /// The last line, if it has no end.
    package mutating func rest() -> String? {
        guard isInLine else { return nil }
        return finish()
    }

    private func firstEnd(in bytes: ArraySlice<UInt8>) -> Int? {
        switch end {
        case .lineFeed: bytes.firstIndex(of: 0x0a)
        case .terminal: bytes.firstIndex { $0 == 0x0a || $0 == 0x0d }
        }
    }

    private mutating func take(_ bytes: ArraySlice<UInt8>) {
        isInLine = isInLine || !bytes.isEmpty
        line += bytes.prefix(max(0, limit - line.count))
    }

    private mutating func finish() -> String? {
        defer {
            line.removeAll(keepingCapacity: true)
            isInLine = false
        }
        if case .terminal = end, line.isEmpty { return nil }
        return String(decoding: line, as: UTF8.self)
    }
}
