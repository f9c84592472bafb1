import ClipLibrary
import ClipReview
import TestSupport
import Testing

/// Which clip comes next.
@Suite struct ReviewQueueTests {
    private func queue(_ scores: [Double?]) -> ReviewQueue {
        ReviewQueue(
            scores.enumerated().map { .init(clip: Int64($0), score: $1) },
            random: RandomSource(seed: 7)
        )
    }

    @Test func theWorstComesFirstAndEveryFourthIsDrawn() {
        var queue = queue((0..<40).map { Double((7 * $0) % 40) / 40 })
        var turns: [ReviewQueue.Turn] = []
        while let turn = queue.next() { turns.append(turn) }
        #expect(Set(turns.map(\.item.clip)) == Set(0..<40) && turns.count == 40)
        for (place, turn) in turns.enumerated() {
            #expect((turn.draw == .random) == ((place + 1) % 4 == 0))
        }
        let worst = turns.filter { $0.draw == .worst }.compactMap(\.item.score)
        #expect(worst == worst.sorted())
        let drawn = turns.filter { $0.draw == .random }.compactMap(\.item.score)
        #expect(drawn != drawn.sorted(), "they are in order: \(drawn)")
    }

    @Test func clipsWithoutAScoreComeBeforeAll() {
        var queue = queue([0.5, nil, 0])
        #expect(queue.next()?.item.clip == 1)
        #expect(queue.next()?.item.clip == 2)
        #expect(queue.next()?.item.clip == 0)
        #expect(queue.next() == nil)
    }

    @Test func clipsThatSomebodyHasJudgedAreTakenOut() {
        var queue = queue([0.1, 0.2, 0.3])
        queue.remove([0, 2])
        #expect(queue.count == 1 && queue.next()?.item.clip == 1)
    }
}
