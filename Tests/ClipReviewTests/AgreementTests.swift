import ClipLibrary
import ClipReview
import Testing

/// Cohen's kappa.
@Suite struct AgreementTests {
    /// So many masks for each pair of verdicts of two people.
    private func verdicts(_ counts: [(Verdict, Verdict, Int)]) -> [ClipVerdict] {
        let pairs = counts.flatMap { Array(repeating: ($0.0, $0.1), count: $0.2) }
        return pairs.enumerated().flatMap { number, pair in
            [("anna", pair.0), ("ben", pair.1)].map { name, verdict in
                ClipVerdict(clip: Int64(number), verdict, by: name, at: 1, masksDigest: "m")
            }
        }
    }

    /// The example of textbooks: 20 and 15 agreements, 5 and 10 disagreements.
    @Test func kappaIsThatOfTheBooks() throws {
        let pair = try #require(
            Agreement(
                verdicts([
                    (.keep, .keep, 20), (.keep, .reject, 5), (.reject, .keep, 10),
                    (.reject, .reject, 15),
                ]),
                between: "anna",
                and: "ben"
            )
        )
        #expect(pair.count == 50 && abs(pair.observed - 0.7) < 1e-9)
        #expect(abs(try #require(pair.kappa) - 0.4) < 1e-9)
        #expect(pair.table == [[20, 5, 0], [10, 15, 0], [0, 0, 0]])
    }

    @Test func fullAgreementIsOneAndChanceIsZero() throws {
        let full = Agreement.all(verdicts([(.keep, .keep, 3), (.undecided, .undecided, 2)]))
        #expect(full.map(\.kappa) == [1])
        let chance = Agreement.all(
            verdicts([
                (.keep, .keep, 4), (.keep, .reject, 4), (.reject, .keep, 4), (.reject, .reject, 4),
            ])
        )
        #expect(abs(try #require(chance.first?.kappa)) < 1e-9)
    }

    @Test func oneVerdictOnAllSaysNothing() {
        #expect(Agreement.all(verdicts([(.keep, .keep, 9)])).map(\.kappa) == [nil])
    }

    @Test func onlyTheSameMasksAreCompared() {
        let own = ClipVerdict(clip: 1, .keep, by: "anna", at: 1, masksDigest: "old")
        let other = ClipVerdict(clip: 1, .keep, by: "ben", at: 1, masksDigest: "new")
        #expect(Agreement([own, other], between: "anna", and: "ben") == nil)
        #expect(Agreement.all([own, other]).isEmpty)
    }
}
