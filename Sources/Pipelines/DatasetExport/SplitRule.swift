import ClipLibrary
import DatasetProfiles
import Diagnostics
import Files

/// How clips are divided into the splits of a data set. All clips of a source are in one split:
/// those that overlap would be in training and in validation otherwise.
package struct SplitRule: Sendable, Equatable {
    /// What decides the split of a source.
    package enum Key: String, Sendable, CaseIterable {
        /// Its content alone.
        case source
        /// Its place among the sources of its label, so that every label is divided alike.
        case label
    }

    /// The shares of train, val and test, two or three.
    private let weights: [Int]
    package let key: Key

    /// Reads shares such as `90/5/5` or `80/20`; nil for anything else.
    package init?(_ text: String, by key: Key) {
        let parts = text.split(exactly: "/", omittingEmptySubsequences: false)
        let weights = parts.compactMap { part in
            part.utf8.count < 7 && part.unicodeScalars.allSatisfy(\.isDigit) ? Int(part) : nil
        }
        guard (2...DatasetSplit.allCases.count).contains(parts.count),
            weights.count == parts.count, weights.contains(where: { $0 > 0 })
        else { return nil }
        self.weights = weights
        self.key = key
    }

    /// The splits that get a share.
    package var splits: [DatasetSplit] {
        zip(DatasetSplit.allCases, weights).filter { $0.1 > 0 }.map(\.0)
    }

    /// The split of every source, by its hash. More clips, of known sources or of new ones, move
    /// none of them.
    ///
    /// - Parameter clips: by their numbers, from the first on.
    /// - Returns: a split for each `sourceHash`.
    package func splits(of clips: [LibraryClip]) -> [String: DatasetSplit] {
        var splits: [String: DatasetSplit] = [:]
        var sourceCounts: [String: Int] = [:]
        for clip in clips where splits[clip.sourceHash] == nil {
            switch key {
            case .source: splits[clip.sourceHash] = split(at: Self.part(of: clip.sourceHash))
            case .label:
                let label = (clip.label ?? "").folded
                let count = sourceCounts[label, default: 0]
                sourceCounts[label] = count + 1
                // Steps of the golden ratio: however many there are, they are spread evenly.
                let place = Self.part(of: label) + Double(count) * 0.618_033_988_749_894_8
                splits[clip.sourceHash] = split(at: place - place.rounded(.down))
            }
        }
        return splits
    }

    /// The split at a place from 0 to 1.
    private func split(at place: Double) -> DatasetSplit {
        let total = Double(weights.reduce(0, +))
        var end = 0.0
        for (split, weight) in zip(DatasetSplit.allCases, weights) {
            end += Double(weight) / total
            if weight > 0, place < end { return split }
        }
        return splits.last ?? .train
    }

    /// A number from 0 to 1 that a text has for ever.
    private static func part(of text: String) -> Double {
        let digits = Digest.hex(of: text).utf8.prefix(13)
        let value = UInt64(String(decoding: digits, as: UTF8.self), radix: 16) ?? 0
        return Double(value) / 0x1p52
    }
}

extension Digest {
    /// The SHA-256 of a text, in hex.
    static func hex(of text: String) -> String {
        let digest = Digest()
        var text = text
        text.withUTF8 { digest.update(UnsafeRawBufferPointer($0)) }
        return digest.finish()
    }
}
