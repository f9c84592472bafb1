import Diagnostics

/// Byte pair encoding of single words: a word's bytes are symbols, and the pair of neighbours that
/// was merged earliest in training is merged first, until no known pair is left.
///
/// Sennrich, Haddow and Birch, "Neural Machine Translation of Rare Words with Subword Units", ACL
/// 2016; over bytes as in GPT-2 (Radford et al., 2019).
package struct BytePairEncoding: Sendable {
    private struct Pair: Hashable {
        let left: Int32
        let right: Int32
    }

    /// What a pair becomes, and how early.
    private struct Merge {
        let rank: Int
        let token: Int32
    }

    /// What marks the last symbol of a word in the vocabulary.
    static let endOfWord = "</w>"

    private let merges: [Pair: Merge]
    /// The token of each byte inside a word.
    private let innerBytes: [Int32]
    /// The token of each byte at the end of a word.
    private let lastBytes: [Int32]

    /// A list of merges or a vocabulary that does not fit.
    struct Problem: Error {
        let why: String
    }

    /// - Parameters:
    ///   - merges: pairs of symbols, the earliest first.
    ///   - vocabulary: the token of each symbol.
    /// - Throws: `Problem` when a symbol is not in the vocabulary.
    init(
        merges: [(left: Substring, right: Substring)],
        vocabulary: [ExactText: Int32]
    ) throws(Problem) {
        func token(_ symbol: some StringProtocol) throws(Problem) -> Int32 {
            guard let token = vocabulary[ExactText(symbol)] else {
                throw Problem(why: "the vocabulary lacks \(quoted(String(symbol)))")
            }
            return token
        }
        var table: [Pair: Merge] = [:]
        table.reserveCapacity(merges.count)
        for (rank, (left, right)) in merges.enumerated() {
            let pair = Pair(left: try token(left), right: try token(right))
            // A pair that is listed twice keeps its earlier rank.
            guard table[pair] == nil else { continue }
            table[pair] = Merge(rank: rank, token: try token(String(left) + right))
        }
        self.merges = table
        var (inner, last): ([Int32], [Int32]) = ([], [])
        for scalar in Self.byteScalars {
            inner.append(try token(String(scalar)))
            last.append(try token(String(scalar) + Self.endOfWord))
        }
        (innerBytes, lastBytes) = (inner, last)
    }

    /// The tokens of a word, which is not empty.
    func tokens(of word: some Collection<UInt8>) -> [Int32] {
        var symbols = word.map { innerBytes[Int($0)] }
        for byte in word.suffix(1) { symbols[symbols.count - 1] = lastBytes[Int(byte)] }
        while let (pair, merge) = earliest(in: symbols) {
            var merged: [Int32] = []
            var index = 0
            while index < symbols.count {
                let isPair =
                    index + 1 < symbols.count
                    && symbols[index] == pair.left && symbols[index + 1] == pair.right
                merged.append(isPair ? merge.token : symbols[index])
                index += isPair ? 2 : 1
            }
            symbols = merged
        }
        return symbols
    }

    private func earliest(in symbols: [Int32]) -> (Pair, Merge)? {
        zip(symbols, symbols.dropFirst())
            .lazy.map { Pair(left: $0, right: $1) }
            .compactMap { pair in merges[pair].map { (pair, $0) } }
            .min { $0.1.rank < $1.1.rank }
    }

    /// The visible character that stands for each byte in the vocabulary, as in GPT-2: itself where
    /// it is a visible one of Latin-1, else the next of U+0100 and up.
    package static let byteScalars: [Unicode.Scalar] = {
        let visible: [ClosedRange<UInt8>] = [0x21...0x7E, 0xA1...0xAC, 0xAE...0xFF]
        var substitute: UInt16 = 0x100
        return (UInt8.min...UInt8.max).map { byte in
            if visible.contains(where: { $0 ~= byte }) { return Unicode.Scalar(byte) }
            defer { substitute += 1 }
            return Unicode.Scalar(substitute) ?? Unicode.Scalar(byte)
        }
    }()
}
