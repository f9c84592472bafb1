/// Makes random damage that is the same in every run.
package struct Mutator: RandomNumberGenerator {
    private var random: RandomSource

    /// A generator that starts from a seed.
    package init(seed: UInt64) {
        random = RandomSource(seed: seed)
    }

    /// The next number.
    package mutating func next() -> UInt64 { random.next() }

    /// Values that programs stumble over.
    private static let awkward = [
        "9223372036854775807", "-9223372036854775808", "18446744073709551616", "1e308", "-1e308",
        "1e400", "-1", "0", "0.5", "null", "true", "\"\"", "[]", "{}", "\"nan\"", "\"-inf\"",
        "\"9223372036854775807/1\"", "\"1/0\"", "\"\\ud800\"", "\"1e999\"", "4294967296",
    ]

    /// The text with one to four faults.
    package mutating func damage(_ text: String) -> [UInt8] {
        var bytes = Array(text.utf8)
        for _ in 0..<Int.random(in: 1...4, using: &self) where !bytes.isEmpty {
            let place = Int.random(in: 0..<bytes.count, using: &self)
            switch Int.random(in: 0..<8, using: &self) {
            case 0: bytes[place] = UInt8.random(in: 0...255, using: &self)
            case 1: bytes.remove(at: place)
            case 2: bytes.insert(UInt8.random(in: 32...126, using: &self), at: place)
            case 3: bytes.removeSubrange(place..<min(bytes.count, place + 20))
            case 4: bytes.insert(contentsOf: bytes[place..<min(bytes.count, place + 30)], at: place)
            default: replaceValue(in: &bytes, from: place)
            }
        }
        return bytes
    }

    /// Puts an awkward value in the place of the next value behind a colon.
    private mutating func replaceValue(in bytes: inout [UInt8], from place: Int) {
        guard let colon = bytes[place...].firstIndex(of: UInt8(ascii: ":")) else { return }
        let start = colon + 1
        let ends: Set<UInt8> = [UInt8(ascii: ","), UInt8(ascii: "}"), UInt8(ascii: "\n")]
        let end = bytes[start...].firstIndex { ends.contains($0) } ?? bytes.count
        let value = Self.awkward.randomElement(using: &self) ?? "0"
        bytes.replaceSubrange(start..<end, with: Array(value.utf8))
    }
}
