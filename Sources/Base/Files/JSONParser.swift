import Diagnostics

/// A recursive-descent parser (RFC 8259) that tracks lines and byte offsets. In valid JSON line
/// breaks appear only between tokens, so it is enough to count them there.
struct JSONParser {
    private let bytes: [UInt8]
    private let mode: LocatedJSON.Mode
    private var offset = 0
    private var line = 1
    private var lineStart = 0

    init(_ bytes: [UInt8], _ mode: LocatedJSON.Mode) {
        self.bytes = bytes
        self.mode = mode
    }

    mutating func parseDocument() throws(JSONParseError) -> LocatedJSON {
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
            guard mode.readsWhatProgramsWrite else {
                throw error("the text begins with a byte order mark; save it as UTF-8 without one")
            }
            (offset, lineStart) = (3, 3)
        }
        let value = try parseValue(depth: 0)
        skipSpace()
        guard next == nil else { throw error("expected the end, found \(found)") }
        return value
    }

    private mutating func parseValue(depth: Int) throws(JSONParseError) -> LocatedJSON {
        skipSpace()
        let (start, startLine) = (offset, line)
        guard depth < mode.maximumDepth else { throw error("the lists are too deep") }
        let content: LocatedJSON.Content
        switch next {
        case UInt8(ascii: "{"): content = .object(try parseMembers(depth: depth))
        case UInt8(ascii: "["): content = .array(try parseItems(depth: depth))
        case UInt8(ascii: "\""): content = try parseString().map { .string($0) } ?? .null
        case let byte? where byte == UInt8(ascii: "-") || Self.isDigit(byte):
            content = try parseNumber().map { .number($0) } ?? .null
        default:
            if skip("true") {
                content = .bool(true)
            } else if skip("false") {
                content = .bool(false)
            } else if skip("null") {
                content = .null
            } else if mode.readsWhatProgramsWrite, skip("NaN") || skip("Infinity") {
                content = .null
            } else {
                throw error("expected a value, found \(found)")
            }
        }
        return LocatedJSON(content: content, line: startLine, range: start..<offset)
    }

    private mutating func parseItems(depth: Int) throws(JSONParseError) -> [LocatedJSON] {
        var items: [LocatedJSON] = []
        _ = skip("[")
        skipSpace()
        if skip("]") { return items }
        while true {
            items.append(try parseValue(depth: depth + 1))
            skipSpace()
            if skip("]") { return items }
            guard skip(",") else { throw error("expected ',' or ']', found \(found)") }
        }
    }

    private mutating func parseMembers(depth: Int) throws(JSONParseError) -> [LocatedJSON.Member] {
        var members: [LocatedJSON.Member] = []
        // Canonically equal names are refused too: dictionaries of strings hold one of them.
        var names: Set<String> = []
        _ = skip("{")
        skipSpace()
        if skip("}") { return members }
        while true {
            skipSpace()
            guard next == UInt8(ascii: "\"") else {
                throw error("expected a name in double quotes, found \(found)")
            }
            let start = self
            let name =
                try parseString()
                ?? String(decoding: bytes[start.offset + 1..<offset - 1], as: UTF8.self)
            let nameRange = start.offset..<offset
            guard names.insert(name).inserted || !mode.rejectsDuplicateNames else {
                throw start.error("the name \(quoted(name)) comes twice")
            }
            skipSpace()
            guard skip(":") else { throw error("expected ':', found \(found)") }
            let value = try parseValue(depth: depth + 1)
            members.append(
                LocatedJSON.Member(
                    name: name,
                    line: start.line,
                    nameRange: nameRange,
                    value: value
                )
            )
            skipSpace()
            if skip("}") { return members }
            guard skip(",") else { throw error("expected ',' or '}', found \(found)") }
        }
    }

    // MARK: Scalars

    /// - Returns: nil where `mode` lets pass what cannot be represented.
    private mutating func parseNumber() throws(JSONParseError) -> Double? {
        let start = self
        _ = skip("-")
        if mode.readsWhatProgramsWrite, skip("Infinity") { return nil }
        if !skip("0") { try skipDigits() }
        if skip(".") { try skipDigits() }
        if skip("e") || skip("E") {
            if !skip("+") { _ = skip("-") }
            try skipDigits()
        }
        if let byte = next, Self.isDigit(byte) {
            throw start.error("a number does not begin with 0 and another digit")
        }
        let text = String(decoding: bytes[start.offset..<offset], as: UTF8.self)
        guard let number = Double(text), number.isFinite else {
            if mode.readsUnrepresentableAsNull { return nil }
            throw start.error("the number \(text.prefix(40)) is too large")
        }
        return number
    }

    private mutating func skipDigits() throws(JSONParseError) {
        let start = offset
        while let byte = next, Self.isDigit(byte) { offset += 1 }
        guard offset > start else { throw error("expected a digit") }
    }

    /// - Returns: nil where `mode` lets pass what cannot be represented.
    private mutating func parseString() throws(JSONParseError) -> String? {
        let start = self
        var text: [UInt8] = []
        var isRepresentable = true
        offset += 1
        while let byte = next {
            switch byte {
            case UInt8(ascii: "\""):
                offset += 1
                guard let string = String(validating: text, as: UTF8.self) else {
                    throw start.error("the text is not valid UTF-8")
                }
                return isRepresentable ? string : nil
            case UInt8(ascii: "\\"):
                isRepresentable = try parseEscape(into: &text) && isRepresentable
            case UInt8(ascii: "\n"), UInt8(ascii: "\r"):
                throw start.error("the text does not end in this line")
            case 0..<0x20: throw error("a text holds no control characters; write them as \\u0000")
            default:
                text.append(byte)
                offset += 1
            }
        }
        throw start.error("the text does not end")
    }

    /// - Returns: false where `mode` lets pass half of a surrogate pair.
    private mutating func parseEscape(into text: inout [UInt8]) throws(JSONParseError) -> Bool {
        let start = self
        offset += 1
        guard let byte = next else { throw start.error("the text does not end") }
        offset += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "u"):
            var units = [try parseHex()]
            if UTF16.isLeadSurrogate(units[0]), skip("\\u") { units.append(try parseHex()) }
            guard let character = String(validating: units, as: UTF16.self) else {
                if mode.readsUnrepresentableAsNull { return false }
                throw start.error("the escape is half of a pair")
            }
            text.append(contentsOf: character.utf8)
        default: throw start.error("there is no such escape; a backslash is written twice")
        }
        return true
    }

    private mutating func parseHex() throws(JSONParseError) -> UInt16 {
        var unit: UInt16 = 0
        for _ in 0..<4 {
            guard let byte = next,
                let digit = UInt16(String(decoding: [byte], as: UTF8.self), radix: 16)
            else {
                throw error("expected four hexadecimal digits")
            }
            unit = unit << 4 | digit
            offset += 1
        }
        return unit
    }

    // MARK: Bytes

    /// The byte at the offset; nil at the end.
    private var next: UInt8? { offset < bytes.count ? bytes[offset] : nil }

    /// What is at the offset, for messages.
    private var found: String {
        guard next != nil else { return "the end" }
        let character = String(decoding: bytes[offset...].prefix(4), as: UTF8.self)
        return quoted(String(character.unicodeScalars.prefix(1)))
    }

    /// A parse error at the offset.
    private func error(_ why: String) -> JSONParseError {
        // UTF-8 continuation bytes do not count as columns.
        let column = bytes[lineStart..<offset].count { $0 & 0xC0 != 0x80 } + 1
        return JSONParseError(line: line, column: column, why: why)
    }

    private mutating func skipSpace() {
        while let byte = next {
            switch byte {
            case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"): offset += 1
            case UInt8(ascii: "\n"):
                offset += 1
                line += 1
                lineStart = offset
            default: return
            }
        }
    }

    /// Advances past `token` if it comes next.
    private mutating func skip(_ token: StaticString) -> Bool {
        let isNext = token.withUTF8Buffer { bytes[offset...].starts(with: $0) }
        if isNext { offset += token.utf8CodeUnitCount }
        return isNext
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
}
