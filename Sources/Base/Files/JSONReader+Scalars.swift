import Diagnostics

extension JSONReader {
    mutating func readNumber() throws(JSONParseError) -> Double {
        let start = self
        _ = skip("-")
        if !skip("0") { try readDigits() }
        if skip(".") { try readDigits() }
        if skip("e") || skip("E") {
            if !skip("+") { _ = skip("-") }
            try readDigits()
        }
        let text = String(decoding: bytes[start.place..<place], as: UTF8.self)
        if let byte = next, Self.isDigit(byte) {
            throw start.flaw("a number does not begin with 0 and another digit")
        }
        guard let number = Double(text), number.isFinite else {
            throw start.flaw("the number \(text.prefix(40)) is too large")
        }
        return number
    }

    private mutating func readDigits() throws(JSONParseError) {
        let start = place
        while let byte = next, Self.isDigit(byte) { place += 1 }
        guard place > start else { throw flaw("expected a digit") }
    }

    mutating func readString() throws(JSONParseError) -> String {
        let start = self
        var text: [UInt8] = []
        place += 1
        while let byte = next {
            switch byte {
            case UInt8(ascii: "\""):
                place += 1
                guard let string = String(validating: text, as: UTF8.self) else {
                    throw start.flaw("the text is not valid UTF-8")
                }
                return string
            case UInt8(ascii: "\\"): try readEscape(into: &text)
            case UInt8(ascii: "\n"), UInt8(ascii: "\r"):
                throw start.flaw("the text does not end in this line")
            case 0..<0x20: throw flaw("a text holds no control characters; write them as \\u0000")
            default:
                text.append(byte)
                place += 1
            }
        }
        throw start.flaw("the text does not end")
    }

    private mutating func readEscape(into text: inout [UInt8]) throws(JSONParseError) {
        let start = self
        place += 1
        guard let byte = next else { throw start.flaw("the text does not end") }
        place += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "u"):
            var units = [try readHex()]
            if UTF16.isLeadSurrogate(units[0]), skip("\\u") { units.append(try readHex()) }
            guard let character = String(validating: units, as: UTF16.self) else {
                throw start.flaw("the escape is half of a pair")
            }
            text.append(contentsOf: character.utf8)
        default: throw start.flaw("there is no such escape; a backslash is written twice")
        }
    }

    private mutating func readHex() throws(JSONParseError) -> UInt16 {
        var unit: UInt16 = 0
        for _ in 0..<4 {
            guard let byte = next, let digit = Character(UnicodeScalar(byte)).hexDigitValue else {
                throw flaw("expected four hexadecimal digits")
            }
            unit = unit << 4 | UInt16(digit)
            place += 1
        }
        return unit
    }
}
