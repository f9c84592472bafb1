extension Mutator {
    /// One of the examples with up to five faults, sometimes joined with a part of another one.
    ///
    /// - Parameter examples: valid inputs; at least one.
    /// - Returns: bytes that are mostly almost valid.
    package mutating func mutated(_ examples: [[UInt8]]) -> [UInt8] {
        var bytes = one(of: examples) ?? []
        if isOne(in: 8), let other = one(of: examples) {
            let (first, second) = (place(in: bytes), place(in: other))
            bytes = Array(bytes[..<first]) + other[second...]
        }
        for _ in 0..<Int.random(in: 1...5, using: &self) { damage(&bytes) }
        return bytes
    }

    /// True once in so many calls.
    package mutating func isOne(in count: Int) -> Bool {
        Int.random(in: 0..<count, using: &self) == 0
    }

    /// An element; nil of an empty list.
    package mutating func one<Element>(of elements: [Element]) -> Element? {
        elements.randomElement(using: &self)
    }

    private mutating func place(in bytes: [UInt8]) -> Int {
        Int.random(in: 0...bytes.count, using: &self)
    }

    private mutating func range(in bytes: [UInt8], _ longest: Int) -> Range<Int> {
        let start = place(in: bytes)
        return start..<min(bytes.count, start + Int.random(in: 1...longest, using: &self))
    }

    private mutating func damage(_ bytes: inout [UInt8]) {
        switch Int.random(in: 0..<16, using: &self) {
        case 0: change(&bytes) { $0 ^ 1 << UInt8.random(in: 0...7, using: &$1) }
        case 1: change(&bytes) { _, mutator in UInt8.random(in: 0...255, using: &mutator) }
        case 2: bytes.removeSubrange(range(in: bytes, 20))
        case 3: bytes.insert(contentsOf: bytes[range(in: bytes, 60)], at: place(in: bytes))
        case 4, 5: insert(Self.snippets, into: &bytes)
        case 6, 7, 8: replaceNumber(in: &bytes)
        case 9, 10, 11: replaceValue(in: &bytes)
        case 12: duplicateMember(in: &bytes)
        case 13 where isOne(in: 4): bytes.removeSubrange(place(in: bytes)...)
        case 14 where isOne(in: 4): markPunctuation(of: &bytes)
        case 15 where isOne(in: 16): insertMuch(into: &bytes)
        default: insert(Self.characters, into: &bytes)
        }
    }

    private mutating func change(
        _ bytes: inout [UInt8],
        _ body: (UInt8, inout Mutator) -> UInt8
    ) {
        guard let place = bytes.indices.randomElement(using: &self) else { return }
        bytes[place] = body(bytes[place], &self)
    }

    private mutating func insert(_ texts: [String], into bytes: inout [UInt8]) {
        // What is no UTF-8 cannot be a literal.
        let raw: [[UInt8]] = [[0xff], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xe2, 0x80], [0x80]]
        let new = isOne(in: 12) ? one(of: raw) : one(of: texts).map { Array($0.utf8) }
        bytes.insert(contentsOf: new ?? [], at: place(in: bytes))
    }

    /// Puts an extreme number in the place of one that begins somewhere behind.
    private mutating func replaceNumber(in bytes: inout [UInt8]) {
        let isDigit = { (byte: UInt8) in (0x30...0x39).contains(byte) }
        guard let start = bytes[place(in: bytes)...].firstIndex(where: isDigit) else { return }
        let end = bytes[start...].firstIndex { !isDigit($0) } ?? bytes.count
        bytes.replaceSubrange(start..<end, with: Array((one(of: Self.numbers) ?? "0").utf8))
    }

    /// Puts a value of another kind in the place of the next one behind a colon or a comma.
    private mutating func replaceValue(in bytes: inout [UInt8]) {
        let separators = Array(":,=".utf8)
        guard let start = bytes[place(in: bytes)...].firstIndex(where: separators.contains) else {
            return
        }
        let ends = Array(",}]\n".utf8)
        let end = bytes[(start + 1)...].firstIndex(where: ends.contains) ?? bytes.count
        let value = one(of: Self.values + Self.numbers) ?? "0"
        bytes.replaceSubrange(start + 1..<end, with: Array(value.utf8))
    }

    /// Repeats what is between two commas: a member of an object, a cell of a table.
    private mutating func duplicateMember(in bytes: inout [UInt8]) {
        let comma = UInt8(ascii: ",")
        guard let start = bytes[place(in: bytes)...].firstIndex(of: comma),
            let end = bytes[(start + 1)...].firstIndex(of: comma)
        else { return }
        bytes.insert(contentsOf: bytes[start..<end], at: end)
    }

    /// Joins a mark to every punctuation sign, which Swift's characters then swallow.
    private mutating func markPunctuation(of bytes: inout [UInt8]) {
        let marks: [String] = ["\u{301}", "\u{200d}", "\u{fe0f}", "\u{20dd}"]
        let mark = Array((one(of: marks) ?? "").utf8)
        let signs = Array(one(of: ["\",:{}[]/.\\%'@#;=\n", "\"", "/.", ",:", "\n"]) ?? "")
            .flatMap(\.utf8)
        bytes = bytes.flatMap { signs.contains($0) ? [$0] + mark : [$0] }
    }

    /// Deep nesting and long texts.
    private mutating func insertMuch(into bytes: inout [UInt8]) {
        let unit = one(of: ["[", "{\"a\":", "[[", "a", "\\u0000", "\"", "9", "\n", ",", "../", "é"])
        let count = one(of: [100, 600, 5000, 70_000]) ?? 0
        let much = [[UInt8]](repeating: Array((unit ?? "").utf8), count: count).flatMap { $0 }
        bytes.insert(contentsOf: much, at: place(in: bytes))
    }
}

extension Mutator {
    /// Numbers at which types end.
    static let numbers = [
        "2147483647", "-2147483648", "2147483648", "4294967295", "4294967296", "9007199254740993",
        "-9007199254740993", "9223372036854775807", "-9223372036854775808", "9223372036854775808",
        "18446744073709551616", "1e308", "-1e308", "1e400", "-1e400", "1e18", "-1e18", "0.1e-400",
        "1e-320", "-0", "-0.0", "0", "-1", "1", "00", "0x10", "NaN", "nan", "inf", "-inf",
        "Infinity", "1e", "+1", ".5", "1.", "1_000", "１", "٣", "65536", "999999999999",
    ]

    /// Values of another kind than is asked for.
    static let values = [
        "null", "true", "false", "\"\"", "[]", "{}", "[[]]", "[null]", "{\"\":null}", "\"nan\"",
        "\"9223372036854775807/1\"", "\"1/9223372036854775807\"", "\"1/0\"", "\"0/0\"",
        "\"-1/-1\"", "\"1e999\"", "\"\\ud800\"", "\"\\u0000\"", "\"a\\u0000b\"", "\"../x\"",
        "\"/etc/passwd\"", "\"/dev/zero\"", "\".\"", "\"..\"", "\"a/b\"", "\".hidden\"",
        "\"frame_0000.png\"", "\"é\"", "\"e\u{301}\"", "\"\u{202e}x\"", "\"\\u001b[31m\"",
        "\"file:x\"", "\"-i\"", "\"%d\"", "\"~/x\"", "\"'; touch PWNED; '\"", "\"=1+1\"",
    ]

    /// Texts that end, quote, hide or lead elsewhere.
    static let snippets = [
        "\0", "\r\n", "\u{feff}", "\u{301}", "\u{200d}", "\"\u{301}", "/\u{301}", ".\u{301}",
        "\n\u{301}", ",\u{301}", "'\u{301}", "%\u{301}", "\\\u{301}", "\u{1b}[2J", "\u{202e}",
        "\u{2066}", "\u{85}", "\u{2028}", "../", "/", "..", "./", "~", "%s", "%n", "`id`", "$(id)",
        "';", "\"\"", "\\u0000", "\\ud83d", "\\", "//", "://", "file:", "e\u{301}", "é", "ﬁ",
        "\u{10ffff}", "\u{fffd}", "<", "&", "|", "HTTP/1.1 200\r\n\r\n", "\n\n", "@9", "#2",
    ]

    /// Single characters.
    static let characters =
        (0x20...0x7e).map { String(UnicodeScalar(UInt8($0))) } + ["\n", "\t", "\r", "\u{1}"]
}
