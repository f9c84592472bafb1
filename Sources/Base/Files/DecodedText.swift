import Diagnostics

/// The text of a file that another program wrote: UTF-8, UTF-16 or Windows-1252.
package struct DecodedText: Sendable, Equatable {
    package enum Encoding: String, Sendable {
        case utf8 = "UTF-8"
        case utf16 = "UTF-16"
        /// What programs on Windows write that know no Unicode.
        case windows1252 = "Windows-1252"
    }

    /// Why bytes are no text, and in which line.
    package struct Fault: Error, Sendable, Equatable {
        /// From 1.
        package let line: Int
        /// As a clause.
        package let why: String
    }

    /// Without a byte order mark.
    package let text: String
    package let encoding: Encoding
    /// The first line that is no UTF-8, from 1; nil where all of it is.
    package let firstOtherLine: Int?

    /// Decodes a text. A byte order mark decides; without one it is UTF-8 if it can be, then UTF-16
    /// if every other byte is mostly 0, then Windows-1252.
    ///
    /// - Throws: `Fault` where none of them fits.
    package init(_ bytes: [UInt8]) throws(Fault) {
        if let text = try Self.utf16(bytes) {
            (self.text, encoding, firstOtherLine) = (text, .utf16, nil)
            return
        }
        let hasMark = bytes.starts(with: Self.mark)
        let bytes = hasMark ? Array(bytes.dropFirst(Self.mark.count)) : bytes
        if let zero = bytes.firstIndex(of: 0) {
            throw Fault(
                line: Self.line(of: zero, in: bytes),
                why: "it has a zero byte: it is no text"
            )
        }
        if let text = String(validating: bytes, as: UTF8.self) {
            (self.text, encoding, firstOtherLine) = (text, .utf8, nil)
            return
        }
        let (place, hasOther) = Self.firstFault(bytes)
        let line = Self.line(of: place, in: bytes)
        // Letters that are UTF-8 would be garbled.
        guard !hasMark, !hasOther else { throw Fault(line: line, why: "it is not UTF-8") }
        var text = ""
        for byte in bytes { text.unicodeScalars.append(Self.scalar(byte)) }
        (self.text, encoding, firstOtherLine) = (text, .windows1252, line)
    }

    /// A text as UTF-8 without a byte order mark: UTF-16 that begins with one is converted, all
    /// else is left as it is.
    package static func utf8(_ bytes: [UInt8]) -> [UInt8] {
        if bytes.starts(with: mark) { return Array(bytes.dropFirst(mark.count)) }
        guard hasUTF16Mark(bytes), let text = try? utf16(bytes) else { return bytes }
        return Array(text.utf8)
    }

    private static let mark: [UInt8] = [0xEF, 0xBB, 0xBF]

    private static func hasUTF16Mark(_ bytes: [UInt8]) -> Bool {
        bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF])
    }

    /// - Returns: nil when it is not UTF-16.
    private static func utf16(_ bytes: [UInt8]) throws(Fault) -> String? {
        let isLittle: Bool
        if hasUTF16Mark(bytes) {
            isLittle = bytes[0] == 0xFF
        } else {
            let head = bytes.prefix(1000).enumerated().filter { $0.element == 0 }.map(\.offset)
            guard head.count > bytes.prefix(1000).count / 4 else { return nil }
            let odd = head.count { $0 % 2 == 1 }
            guard odd == 0 || odd == head.count else { return nil }
            isLittle = odd > 0
        }
        let units = stride(from: 0, to: bytes.count - 1, by: 2).map { place -> UInt16 in
            let (low, high) = isLittle ? (place, place + 1) : (place + 1, place)
            return UInt16(bytes[high]) << 8 + UInt16(bytes[low])
        }
        let body = units.first == 0xFEFF ? units.dropFirst() : units[...]
        guard bytes.count % 2 == 0, let text = String(validating: body, as: UTF16.self) else {
            let text = String(decoding: body, as: UTF16.self)
            let end = text.unicodeScalars.firstIndex(of: "\u{fffd}") ?? text.endIndex
            let line = text.unicodeScalars[..<end].count { $0 == "\n" } + 1
            throw Fault(line: line, why: "it is not UTF-16, as its first bytes say")
        }
        return text
    }

    /// The first byte that is no UTF-8, and whether other bytes are letters in it.
    private static func firstFault(_ bytes: [UInt8]) -> (place: Int, hasOther: Bool) {
        var decoder = UTF8()
        var (rest, place, fault, hasOther) = (bytes.makeIterator(), 0, Int?.none, false)
        while true {
            switch decoder.decode(&rest) {
            case .scalarValue(let scalar):
                let length = UTF8.width(scalar)
                hasOther = hasOther || length > 1
                place += length
            case .emptyInput: return (fault ?? 0, hasOther)
            case .error:
                fault = fault ?? place
                place += 1
            }
        }
    }

    /// The line of a byte, from 1: lines end with LF, CR or both.
    private static func line(of place: Int, in bytes: [UInt8]) -> Int {
        var line = 1
        for (index, byte) in bytes[..<place].enumerated() {
            let isEnd = byte == 0x0A || byte == 0x0D && bytes[index + 1] != 0x0A
            line += isEnd ? 1 : 0
        }
        return line
    }

    private static func scalar(_ byte: UInt8) -> Unicode.Scalar {
        guard (0x80..<0xA0).contains(byte) else { return Unicode.Scalar(byte) }
        return windows[Int(byte) - 0x80]
    }

    /// The bytes from 0x80 to 0x9F, as the WHATWG has them.
    private static let windows: [Unicode.Scalar] = [
        "\u{20ac}", "\u{81}", "\u{201a}", "\u{192}", "\u{201e}", "\u{2026}", "\u{2020}",
        "\u{2021}", "\u{2c6}", "\u{2030}", "\u{160}", "\u{2039}", "\u{152}", "\u{8d}", "\u{17d}",
        "\u{8f}", "\u{90}", "\u{2018}", "\u{2019}", "\u{201c}", "\u{201d}", "\u{2022}",
        "\u{2013}", "\u{2014}", "\u{2dc}", "\u{2122}", "\u{161}", "\u{203a}", "\u{153}", "\u{9d}",
        "\u{17e}", "\u{178}",
    ]
}
