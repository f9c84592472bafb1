import ClipLibrary

/// Which clip comes next: the worst, and now and then one that is drawn at random from all that are
/// left, so that a person sees whether the good ones are good.
package struct ReviewQueue: Sendable {
    /// A clip that waits.
    package struct Item: Sendable, Equatable {
        package let clip: Int64
        /// Of its masks, 0…1; nil where they were not judged: such clips come first.
        package let score: Double?

        package init(clip: Int64, score: Double?) {
            (self.clip, self.score) = (clip, score)
        }
    }

    /// A clip, and how it came up.
    package struct Turn: Sendable, Equatable {
        package let item: Item
        package let draw: ClipVerdict.Draw
    }

    /// Each so many turns one is drawn at random.
    package static let randomEvery = 4

    /// By score, the worst first.
    private var waiting: [Item]
    private var random: any RandomNumberGenerator & Sendable
    private var turns = 0

    /// - Parameters:
    ///   - items: the clips, in any order.
    ///   - random: draws.
    package init(
        _ items: [Item],
        random: any RandomNumberGenerator & Sendable = SystemRandomNumberGenerator()
    ) {
        waiting = Self.sorted(items)
        self.random = random
    }

    private static func sorted(_ items: [Item]) -> [Item] {
        items.sorted { ($0.score ?? -1, $0.clip) < ($1.score ?? -1, $1.clip) }
    }

    /// How many clips wait.
    package var count: Int { waiting.count }

    /// Takes the next clip out of the queue.
    ///
    /// - Returns: nil when none is left.
    package mutating func next() -> Turn? {
        guard !waiting.isEmpty else { return nil }
        turns += 1
        guard turns.isMultiple(of: Self.randomEvery) else {
            return Turn(item: waiting.removeFirst(), draw: .worst)
        }
        let place = Int.random(in: waiting.indices, using: &random)
        return Turn(item: waiting.remove(at: place), draw: .random)
    }

    /// Takes other clips in the place of those that wait.
    package mutating func replace(_ items: [Item]) { waiting = Self.sorted(items) }

    /// Takes out clips that somebody has judged meanwhile.
    package mutating func remove(_ clips: Set<Int64>) {
        waiting.removeAll { clips.contains($0.clip) }
    }
}
