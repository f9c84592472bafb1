/// The status and the fields of an answer.
package struct HTTPHead: Sendable, Equatable {
    /// 200 and so on.
    package let status: Int
    private let fields: [String: String]

    /// Reads a status line and the lines after it; nil when the first is no status line.
    package init?(_ text: String) {
        let lines = text.split(whereSeparator: \.isNewline)
        guard let first = lines.first, first.hasPrefix("HTTP/") else { return nil }
        let words = first.split(separator: " ")
        guard words.count >= 2, let status = Int(words[1]), (100...599).contains(status) else {
            return nil
        }
        self.status = status
        var fields: [String: String] = [:]
        for line in lines.dropFirst() {
            guard let colon = line.firstIndex(of: ":") else { continue }
            let value = line[line.index(after: colon)...]
            fields[line[..<colon].lowercased()] = trimmed(value)
        }
        self.fields = fields
    }

    /// A field's value; names in lower case.
    package subscript(name: String) -> String? { fields[name] }

    /// Whether this is a redirect.
    package var isRedirect: Bool {
        [301, 302, 303, 307, 308].contains(status) && self["location"] != nil
    }

    /// The first byte's place and the whole size (nil when it is not known), as `Content-Range`
    /// says it.
    package var contentRange: (start: Int, size: Int?)? {
        guard let text = self["content-range"], text.hasPrefix("bytes ") else { return nil }
        let parts = text.dropFirst(6).split(separator: "/")
        guard parts.count == 2,
            let start = parts[0].split(separator: "-").first.flatMap({ Int($0) })
        else { return nil }
        if parts[1] == "*" { return (start, nil) }
        guard let size = Int(parts[1]) else { return nil }
        return (start, size)
    }
}

/// A text without white space at its ends.
func trimmed(_ text: some StringProtocol) -> String {
    let start = text.drop { $0.isWhitespace }
    let end = start.lastIndex { !$0.isWhitespace }
    return end.map { String(start[...$0]) } ?? ""
}
