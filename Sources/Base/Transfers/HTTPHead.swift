import Diagnostics

/// The status and the fields of an answer.
package struct HTTPHead: Sendable, Equatable {
    /// 200 and so on.
    package let status: Int
    private let fields: [String: String]

    /// Reads a status line and the lines after it; nil when the first is no status line.
    package init?(_ text: String) {
        // By scalars: to a Character, a line end before a combining mark is none.
        let lines = text.unicodeScalars.split { $0 == "\n" || $0 == "\r" }.map(Substring.init)
        guard let first = lines.first, first.hasPrefix(exactly: "HTTP/") else { return nil }
        let words = first.split(exactly: " ")
        guard words.count >= 2, let status = Int(words[1]),
            (100...599).contains(status)
        else { return nil }
        self.status = status
        var fields: [String: String] = [:]
        for line in lines.dropFirst() {
            guard let (name, value) = line.divided(atFirst: ":") else { continue }
            fields[name.lowercased()] = String(value.trimmed)
        }
        self.fields = fields
    }

    /// A field's value; names in lower case.
    package subscript(name: String) -> String? { fields[name] }

    /// The fields whose names begin with a text in lower case, by the rest of their names.
    package func fields(prefix: String) -> [String: String] {
        var found: [String: String] = [:]
        for (name, value) in fields {
            if let rest = name.removing(prefix: prefix) { found[String(rest)] = value }
        }
        return found
    }

    /// Whether this is a redirect.
    package var isRedirect: Bool {
        [301, 302, 303, 307, 308].contains(status) && self["location"] != nil
    }

    /// The first byte's place and the whole size (nil when it is not known), of
    /// `Content-Range`.
    package var contentRange: (start: Int, size: Int?)? {
        guard let range = self["content-range"]?.removing(prefix: "bytes ") else { return nil }
        let parts = range.split(exactly: "/")
        guard parts.count == 2,
            let first = parts[0].split(exactly: "-").first,
            let start = Int(first), start >= 0
        else { return nil }
        if parts[1].isExactly("*") { return (start, nil) }
        guard let size = Int(parts[1]), size >= 0 else { return nil }
        return (start, size)
    }
}

/// Finds the head of the last answer in what curl writes: perhaps interim answers, the head, the
/// body.
package struct HTTPHeadReader {
    /// More than this is no head.
    package static let limit = 1 << 16

    private var bytes: [UInt8] = []
    /// Bytes of interim answers.
    private var interim = 0

    package init() {}

    /// What is known after some bytes.
    package enum Outcome: Equatable {
        case incomplete
        case broken
        /// The head, and what has come of the body.
        case head(HTTPHead, body: [UInt8])
    }

    /// Takes in the next bytes. After a head has come there is nothing more to take in.
    package mutating func add(_ next: UnsafeRawBufferPointer) -> Outcome {
        bytes.append(contentsOf: next)
        while let end = Self.end(of: bytes) {
            guard let head = HTTPHead(String(decoding: bytes[..<end], as: UTF8.self)) else {
                return .broken
            }
            bytes.removeSubrange(..<end)
            interim += end
            // 100 Continue and the like come before the answer.
            if head.status >= 200 { return .head(head, body: bytes) }
        }
        // Interim answers without end are none either.
        return interim + bytes.count > Self.limit ? .broken : .incomplete
    }

    /// The place behind the first empty line.
    private static func end(of bytes: [UInt8]) -> Int? {
        var lineStart = 0
        for (index, byte) in bytes.prefix(limit).enumerated() where byte == UInt8(ascii: "\n") {
            let line = bytes[lineStart..<index]
            if line.isEmpty || (line.count == 1 && line.first == UInt8(ascii: "\r")) {
                return index + 1
            }
            lineStart = index + 1
        }
        return nil
    }
}
