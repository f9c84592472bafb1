import Diagnostics

/// Reads JSON and keeps the lines. Line breaks stand only between values, so counting them there
/// is enough.
struct JSONReader {
    /// Values inside of values; keeps the stack small.
    static let maximumDepth = 64

    let bytes: [UInt8]
    var place = 0
    private var line = 1
    private var lineStart = 0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// The byte to be read next; nil at the end.
    var next: UInt8? { place < bytes.count ? bytes[place] : nil }

    mutating func readDocument() throws(JSONParseError) -> LocatedJSON {
        guard !bytes.starts(with: [0xEF, 0xBB, 0xBF]) else {
            throw flaw("the text begins with a byte order mark; save it as UTF-8 without one")
        }
        let value = try readValue(depth: 0)
        skipSpace()
        guard next == nil else { throw flaw("expected the end, found \(found)") }
        return value
    }

    /// A flaw at the place that is to be read next.
    func flaw(_ why: String) -> JSONParseError {
        // Bytes that go on with a scalar are not counted.
        let column = bytes[lineStart..<place].count { $0 & 0xC0 != 0x80 } + 1
        return JSONParseError(line: line, column: column, why: why)
    }

    /// What stands at the place, for messages.
    private var found: String {
        guard next != nil else { return "the end" }
        let character = String(decoding: bytes[place...].prefix(4), as: UTF8.self)
        return quoted(String(character.unicodeScalars.prefix(1)))
    }

    private mutating func skipSpace() {
        while let byte = next {
            switch byte {
            case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"): place += 1
            case UInt8(ascii: "\n"):
                place += 1
                line += 1
                lineStart = place
            default: return
            }
        }
    }

    private mutating func readValue(depth: Int) throws(JSONParseError) -> LocatedJSON {
        skipSpace()
        let start = line
        guard depth < Self.maximumDepth else { throw flaw("the lists are too deep") }
        let content: LocatedJSON.Content
        switch next {
        case UInt8(ascii: "{"): content = .object(try readMembers(depth: depth))
        case UInt8(ascii: "["): content = .array(try readItems(depth: depth))
        case UInt8(ascii: "\""): content = .string(try readString())
        case let byte? where byte == UInt8(ascii: "-") || Self.isDigit(byte):
            content = .number(try readNumber())
        default:
            if skip("true") {
                content = .bool(true)
            } else if skip("false") {
                content = .bool(false)
            } else if skip("null") {
                content = .null
            } else {
                throw flaw("expected a value, found \(found)")
            }
        }
        return LocatedJSON(content: content, line: start)
    }

    private mutating func readItems(depth: Int) throws(JSONParseError) -> [LocatedJSON] {
        var items: [LocatedJSON] = []
        _ = skip("[")
        skipSpace()
        if skip("]") { return items }
        while true {
            items.append(try readValue(depth: depth + 1))
            skipSpace()
            if skip("]") { return items }
            guard skip(",") else { throw flaw("expected ',' or ']', found \(found)") }
        }
    }

    private mutating func readMembers(depth: Int) throws(JSONParseError) -> [LocatedJSON.Member] {
        var members: [LocatedJSON.Member] = []
        var names: Set<String> = []
        _ = skip("{")
        skipSpace()
        if skip("}") { return members }
        while true {
            skipSpace()
            guard next == UInt8(ascii: "\"") else {
                throw flaw("expected a name in double quotes, found \(found)")
            }
            let start = self
            let name = try readString()
            guard names.insert(name).inserted else {
                throw start.flaw("the name \(quoted(name)) comes twice")
            }
            skipSpace()
            guard skip(":") else { throw flaw("expected ':', found \(found)") }
            let value = try readValue(depth: depth + 1)
            members.append(LocatedJSON.Member(name: name, line: start.line, value: value))
            skipSpace()
            if skip("}") { return members }
            guard skip(",") else { throw flaw("expected ',' or '}', found \(found)") }
        }
    }

    static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    /// Steps over a word if it comes next.
    mutating func skip(_ word: StaticString) -> Bool {
        let isNext = word.withUTF8Buffer { bytes[place...].starts(with: $0) }
        if isNext { place += word.utf8CodeUnitCount }
        return isNext
    }
}
