import ClipLibrary
import Diagnostics

/// How far two people agree on the same masks: Cohen's kappa (J. Cohen, "A coefficient of agreement for
/// nominal scales", Educational and Psychological Measurement 20, 1960).
package struct Agreement: Sendable, Equatable {
    package let first: String
    package let second: String
    /// How many masks both have judged.
    package let count: Int
    /// The part of them on which they agree, 0…1.
    package let observed: Double
    /// 1 where they agree on all, 0 where no more than by chance; nil where both have only ever given
    /// the same one verdict, which says nothing.
    package let kappa: Double?
    /// How often the first gave one verdict and the second another.
    package let table: [[Int]]

    /// The order of the rows and columns of `table`.
    package static let order = Verdict.allCases

    /// Compares the verdicts of two people; nil where there is nothing that both have judged.
    ///
    /// - Parameters:
    ///   - verdicts: of anybody, in any order.
    ///   - first: one of the two.
    ///   - second: the other.
    package init?(_ verdicts: [ClipVerdict], between first: String, and second: String) {
        func given(by reviewer: String) -> [Subject: Verdict] {
            Dictionary(
                verdicts.filter { $0.reviewer.isExactly(reviewer) }
                    .map { (Subject($0), $0.verdict) }
            ) { $1 }
        }
        let (own, others) = (given(by: first), given(by: second))
        var table = Self.order.map { _ in Self.order.map { _ in 0 } }
        for (subject, verdict) in own {
            guard let other = others[subject], let row = Self.order.firstIndex(of: verdict),
                let column = Self.order.firstIndex(of: other)
            else { continue }
            table[row][column] += 1
        }
        let count = table.joined().reduce(0, +)
        guard count > 0 else { return nil }
        (self.first, self.second, self.count, self.table) = (first, second, count, table)
        let total = Double(count)
        let observed = Double(table.indices.map { table[$0][$0] }.reduce(0, +)) / total
        let chance = table.indices.map { place in
            let row = Double(table[place].reduce(0, +))
            let column = Double(table.map { $0[place] }.reduce(0, +))
            return row * column / (total * total)
        }.reduce(0, +)
        self.observed = observed
        kappa = chance < 1 ? (observed - chance) / (1 - chance) : nil
    }

    /// Masks of a clip.
    private struct Subject: Hashable {
        let clip: Int64
        let masks: String

        init(_ verdict: ClipVerdict) {
            (clip, masks) = (verdict.clip, verdict.masksDigest)
        }
    }

    /// Each pair of people that have judged the same masks, by name.
    package static func all(_ verdicts: [ClipVerdict]) -> [Agreement] {
        let names = Set(verdicts.map(\.reviewer)).sorted()
        return names.enumerated().flatMap { place, first in
            names[(place + 1)...].compactMap { Agreement(verdicts, between: first, and: $0) }
        }
    }
}
