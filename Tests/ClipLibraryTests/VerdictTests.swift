import ClipLibrary
import GRDB
import TestSupport
import Testing

/// What people think of the masks of clips.
@Suite struct VerdictTests {
    private let database: DatabaseQueue
    private let library: Library
    private let id: Int64

    init() async throws {
        database = try DatabaseQueue()
        library = try Library(database, path: ":memory:")
        id = try await Samples.add(Samples.draft("/clips/x_001.mp4"), to: library)
        try await record("first", score: 0.4, on: id)
    }

    private func record(_ digest: String, score: Double?, on id: Int64) async throws {
        try await library.recordMasks(
            of: id,
            method: "saliency",
            path: "/clips/\(id)_masks",
            settings: "{}",
            frameCount: 200,
            score: score,
            digest: digest
        )
    }

    private func verdict(
        _ verdict: Verdict,
        by reviewer: String = "anna",
        at time: Double = 100,
        on digest: String = "first"
    ) -> ClipVerdict {
        ClipVerdict(
            clip: id,
            verdict,
            by: reviewer,
            at: time,
            masksDigest: digest,
            draw: .worst,
            score: 0.4
        )
    }

    private var lastWord: Verdict? {
        get async throws { try await library.reviews(of: [id])[id]?.verdict?.verdict }
    }

    @Test func theLastWordCounts() async throws {
        #expect(try await lastWord == nil)
        try await library.record([verdict(.keep)])
        try await library.record([verdict(.reject, by: "ben", at: 101)])
        #expect(try await lastWord == .reject)
        try await library.record([verdict(.undecided, at: 102)])
        #expect(try await lastWord == .undecided)
        // One of each person.
        #expect(try await library.verdicts(of: id).map(\.verdict) == [.reject, .undecided])
    }

    @Test func anOlderVerdictOfTheSamePersonIsDropped() async throws {
        try await library.record([verdict(.keep, at: 100)])
        try await library.record([verdict(.reject, at: 99)])
        #expect(try await library.verdicts(of: id) == [verdict(.keep, at: 100)])
    }

    @Test func newMasksAreAskedAboutAnew() async throws {
        try await library.record([verdict(.keep)])
        try await record("second", score: 0.9, on: id)
        #expect(try await lastWord == nil)
        #expect(try await library.currentVerdicts().isEmpty)
        #expect(try await library.verdicts(of: id) == [verdict(.keep)])
        // The old ones are back.
        try await record("first", score: 0.4, on: id)
        #expect(try await lastWord == .keep)
    }

    @Test func aVerdictIsTakenBackForTheEarlierOne() async throws {
        let (early, late) = (verdict(.keep), verdict(.reject, at: 101))
        try await library.record([early])
        try await library.record([late])
        try await library.withdraw(late, for: early)
        #expect(try await library.verdicts(of: id) == [early])
        try await library.withdraw(early, for: nil)
        #expect(try await library.verdicts(of: id).isEmpty)
    }

    /// Another window has judged meanwhile.
    @Test func aLaterVerdictIsNotTakenBack() async throws {
        let late = verdict(.reject, at: 101)
        try await library.record([late])
        try await library.withdraw(verdict(.keep), for: nil)
        #expect(try await library.verdicts(of: id) == [late])
    }

    @Test func verdictsComeBackWithTheirClip() async throws {
        try await library.record([verdict(.keep), verdict(.reject, by: "ben")])
        let clip = try #require(try await library.clip(id))
        let (masks, verdicts) = (
            try await library.masks(of: id), try await library.verdicts(of: id)
        )
        try await library.remove([id])
        #expect(try await library.verdicts(of: id).isEmpty)
        try await library.restore(clip, masks, verdicts)
        #expect(try await library.verdicts(of: id) == verdicts && verdicts.count == 2)
        #expect(try await library.masks(of: id) == masks)
    }

    @Test func clipsAreListedByScoreAndVerdict() async throws {
        var ids = [id]
        for (number, score) in [0.9, nil, 0.2].enumerated() {
            let path = "/clips/x_\(number + 2).mp4"
            ids.append(try await Samples.add(Samples.draft(path), to: library))
            try await record("\(number)", score: score, on: ids[number + 1])
        }
        try await library.record([verdict(.keep)])
        func listed(_ change: (inout ClipFilter) -> Void) async throws -> [Int64] {
            var filter = ClipFilter()
            change(&filter)
            return try await library.clips(filter).map(\.id)
        }
        #expect(try await listed { $0.order = .score } == [ids[3], ids[0], ids[1], ids[2]])
        #expect(try await listed { $0.scoreBelow = 0.4 } == [ids[3]])
        #expect(try await listed { $0.leastScore = 0.4 } == [ids[1], ids[0]])
        #expect(try await listed { $0.verdict = .given(.keep) } == [ids[0]])
        #expect(try await listed { $0.verdict = VerdictFilter.none } == [ids[3], ids[2], ids[1]])
        #expect(try await library.scores().map(\.score) == [0.4, 0.9, 0.2])
        #expect(try await library.clips(withMasks: "first") == [ids[0]])
    }

    @Test func masksOfAnEarlierCutHaveNoScore() async throws {
        try await library.record([verdict(.keep)])
        try await library.markMasksStale(id)
        #expect(try await library.scores().isEmpty)
        #expect(try await lastWord == nil)
        #expect(try await library.reviews(of: [id])[id]?.masks == nil)
    }

    @Test func aDamagedVerdictIsLeftOut() async throws {
        try await library.record([verdict(.keep)])
        try await database.write { try $0.execute(sql: "UPDATE verdict SET verdict = 'maybe'") }
        #expect(try await library.verdicts(of: id).isEmpty)
        #expect(try await library.currentVerdicts().isEmpty)
    }
}
