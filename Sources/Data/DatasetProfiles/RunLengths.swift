/// A mask of COCO as run lengths: down the columns, a run of background first.
package struct RunLengths: Sendable, Equatable {
    /// How long the runs are, in turns of background and object.
    package let counts: [Int]

    package init(_ counts: [Int]) {
        self.counts = counts
    }

    /// The counts as a text, as `rleToString` of pycocotools writes them (common/maskApi.c): from
    /// the third on the difference to the last but one, five bits in each character, the lowest
    /// first, and a bit for more of them.
    package var text: String {
        var bytes: [UInt8] = []
        for (place, count) in counts.enumerated() {
            var rest = place > 2 ? count - counts[place - 2] : count
            while true {
                let bits = rest & 0x1f
                rest >>= 5
                let isLast = bits & 0x10 == 0 ? rest == 0 : rest == -1
                bytes.append(UInt8(48 + bits + (isLast ? 0 : 0x20)))
                if isLast { break }
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Reads such a text.
    ///
    /// - Returns: nil for anything else: other characters, an end within a number, or a run that is
    ///   shorter than nothing.
    package init?(text: String) {
        var counts: [Int] = []
        var (value, shift) = (0, 0)
        for byte in text.utf8 {
            guard (48..<48 + 64).contains(byte), shift < 60 else { return nil }
            let bits = Int(byte) - 48
            value |= (bits & 0x1f) << shift
            shift += 5
            guard bits & 0x20 == 0 else { continue }
            if bits & 0x10 != 0 { value |= -1 << shift }
            if counts.count > 2 { value += counts[counts.count - 2] }
            guard (0..<1 << 40).contains(value) else { return nil }
            counts.append(value)
            (value, shift) = (0, 0)
        }
        guard shift == 0 else { return nil }
        self.init(counts)
    }

    /// How many pixels there are in all.
    package var total: Int { counts.reduce(0, +) }

    /// How many of them are of the object.
    package var area: Int { counts.indices.reduce(0) { $0 + ($1 % 2 == 1 ? counts[$1] : 0) } }
}
