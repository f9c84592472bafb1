/// Cuts JSON that is known to be valid into the texts of its parts, which can then be kept as they
/// are.
struct JSONSlices {
    private let bytes: [UInt8]
    private var place = 0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// The texts of the elements of an array; nil when it is none.
    static func elements(_ bytes: [UInt8]) -> [String]? {
        var slices = JSONSlices(bytes)
        guard slices.take("[") else { return nil }
        var elements: [String] = []
        if slices.take("]") { return elements }
        while true {
            elements.append(slices.value())
            if slices.take("]") { return elements }
            guard slices.take(",") else { return nil }
        }
    }

    /// The keys of an object, decoded as far as they are plain, with the texts of their values;
    /// nil when it is none.
    static func fields(_ text: String) -> [(key: String, text: String)]? {
        var slices = JSONSlices(Array(text.utf8))
        guard slices.take("{") else { return nil }
        var fields: [(String, String)] = []
        if slices.take("}") { return fields }
        while true {
            let key = slices.value()
            guard slices.take(":") else { return nil }
            fields.append((String(key.dropFirst().dropLast()), slices.value()))
            if slices.take("}") { return fields }
            guard slices.take(",") else { return nil }
        }
    }

    private mutating func skipSpace() {
        while place < bytes.count, [0x20, 0x09, 0x0a, 0x0d].contains(bytes[place]) { place += 1 }
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        skipSpace()
        guard place < bytes.count, UInt32(bytes[place]) == character.value else { return false }
        place += 1
        return true
    }

    /// The text of the next value.
    private mutating func value() -> String {
        skipSpace()
        let start = place
        var depth = 0
        var isString = false
        while place < bytes.count {
            let byte = bytes[place]
            if isString {
                if byte == UInt8(ascii: "\\") {
                    place += 1
                } else if byte == UInt8(ascii: "\"") {
                    isString = false
                    if depth == 0 {
                        place += 1
                        break
                    }
                }
            } else {
                switch byte {
                case UInt8(ascii: "\""): isString = true
                case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
                case UInt8(ascii: "}"), UInt8(ascii: "]"):
                    if depth == 0 { return text(start) }
                    depth -= 1
                    if depth == 0 {
                        place += 1
                        return text(start)
                    }
                case UInt8(ascii: ","), UInt8(ascii: ":"):
                    if depth == 0 { return text(start) }
                default: break
                }
            }
            place += 1
        }
        return text(start)
    }

    private func text(_ start: Int) -> String {
        var end = min(place, bytes.count)
        while end > start, [0x20, 0x09, 0x0a, 0x0d].contains(bytes[end - 1]) { end -= 1 }
        return String(decoding: bytes[start..<end], as: UTF8.self)
    }
}
