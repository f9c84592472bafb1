/// The order in which people expect names with numbers: "clip 2" before "clip 10", and "Dog" beside
/// "dog". The same in every locale, since folders come in the same order everywhere.
package struct NaturalOrder: Comparable, Sendable {
    private let parts: [Part]
    private let text: String

    private enum Part: Equatable, Sendable {
        /// Text without digits, in lower case.
        case text([Unicode.Scalar])
        /// The digits of a number without leading zeros, of any length.
        case number([Unicode.Scalar])
    }

    package init(_ text: String) {
        self.text = text
        var parts: [Part] = []
        var rest = Array(text.lowercased().unicodeScalars)[...]
        while let first = rest.first {
            let isNumber = Self.isDigit(first)
            let run = rest.prefix { Self.isDigit($0) == isNumber }
            rest = rest[run.endIndex...]
            let scalars = isNumber ? run.drop { $0.value == 0x30 } : run
            parts.append(isNumber ? .number(Array(scalars)) : .text(Array(scalars)))
        }
        self.parts = parts
    }

    private static func isDigit(_ scalar: Unicode.Scalar) -> Bool { ("0"..."9").contains(scalar) }

    package static func == (one: NaturalOrder, other: NaturalOrder) -> Bool {
        one.text.isExactly(other.text)
    }

    package static func < (one: NaturalOrder, other: NaturalOrder) -> Bool {
        for (left, right) in zip(one.parts, other.parts) where left != right {
            switch (left, right) {
            case (.number(let left), .number(let right)):
                if left.count != right.count { return left.count < right.count }
                return left.lexicographicallyPrecedes(right)
            case (.text(let left), .text(let right)): return left.lexicographicallyPrecedes(right)
            case (.number, .text): return true
            case (.text, .number): return false
            }
        }
        if one.parts.count != other.parts.count { return one.parts.count < other.parts.count }
        // "01" and "1", "A" and "a": any order, but always the same.
        return one.text.utf8.lexicographicallyPrecedes(other.text.utf8)
    }
}
