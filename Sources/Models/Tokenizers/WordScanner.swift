@_spi(_Unicode) import Swift

/// The words of a text as CLIP sees them, each as UTF-8: the endings of English contractions, runs
/// of letters, single digits, and runs of anything else that is no white space.
///
/// The text is composed (NFC) and in lower case first. The pattern is that of `CLIPTokenizer` in
/// transformers: `'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+`.
struct WordScanner: Sequence, IteratorProtocol {
    private let scalars: [Unicode.Scalar]
    private var position = 0

    private enum Kind {
        case letter, number, space, other
    }

    private static let contractions = ["'s", "'t", "'re", "'ve", "'m", "'ll", "'d"]
        .map { Array($0.unicodeScalars) }

    init(_ text: some StringProtocol) {
        scalars = String(text)._nfc.flatMap { $0.properties.lowercaseMapping.unicodeScalars }
    }

    /// The next word, which is not empty.
    mutating func next() -> [UInt8]? {
        while position < scalars.count, Self.kind(of: scalars[position]) == .space { position += 1 }
        guard position < scalars.count else { return nil }
        let start = position
        position += lengthOfWord()
        return scalars[start..<position].flatMap { UTF8.encode($0).map(Array.init) ?? [] }
    }

    /// The length of the word at `position`, at least 1.
    private func lengthOfWord() -> Int {
        let rest = scalars[position...]
        if let ending = Self.contractions.first(where: rest.starts) { return ending.count }
        let kind = Self.kind(of: scalars[position])
        if kind == .number { return 1 }
        return rest.prefix { Self.kind(of: $0) == kind }.count
    }

    private static func kind(of scalar: Unicode.Scalar) -> Kind {
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter:
            .letter
        case .decimalNumber, .letterNumber, .otherNumber: .number
        default: scalar.properties.isWhitespace ? .space : .other
        }
    }
}
