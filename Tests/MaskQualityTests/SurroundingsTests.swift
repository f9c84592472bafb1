import Imaging
import MaskQuality
import Testing

/// What the frames around a mask say about it.
@Suite struct SurroundingsTests {
    private func answers(_ areas: [Double?], edge: Double = 0.5) -> [[QualityPart: Double]] {
        var surroundings = Surroundings()
        let early = areas.flatMap { area in
            surroundings.add(area: area, area == 0 ? nil : [.edge: edge])
        }
        #expect(early.count == max(0, areas.count - 10))
        return early + surroundings.finish()
    }

    @Test(arguments: [1, 5, 10, 11, 12, 60])
    func everyFrameIsAnsweredOnceAndInOrder(count: Int) {
        let areas = (0..<count).map { 0.01 * Double($0 + 1) }
        let all = answers(areas)
        #expect(all.count == count)
        #expect(all[0][.steady] == nil)
        // Areas grow, so the median of those before is smaller.
        for place in all.indices.dropFirst() {
            let before = areas[max(0, place - 10)..<place].sorted()
            let median =
                before.count.isMultiple(of: 2)
                ? (before[before.count / 2 - 1] + before[before.count / 2]) / 2
                : before[before.count / 2]
            let steady = all[place][.steady] ?? 0
            #expect(abs(steady - median / areas[place]) < 0.15, "\(place): \(steady)")
        }
    }

    @Test func anEmptyMaskHasNoAnswerAndCountsForThoseAfterIt() {
        let all = answers([0.1, 0.1, 0, 0, 0, 0, 0, 0.1])
        #expect(all[2...6].allSatisfy { $0.isEmpty })
        // Most of those before have none: that the object is back is no fault.
        #expect(all[7][.steady] == nil)
    }

    @Test func meansReachTenFramesToBothSides() {
        var surroundings = Surroundings()
        var all: [[QualityPart: Double]] = []
        for frame in 0..<40 {
            all += surroundings.add(area: 0.1, [.edge: frame == 20 ? 1 : 0])
        }
        all += surroundings.finish()
        let touched = all.indices.filter { (all[$0][.edgeAround] ?? 0) > 0 }
        #expect(touched == Array(10...30))
    }

    @Test func aDrawnMaskOnItsObjectHasBetterEdgesThanOneBeside() throws {
        let clip = DrawnClip()
        var judge = ClipJudge(width: clip.width, height: clip.height, model: .builtIn)
        let right =
            (0..<12).flatMap { judge.add(clip.frame($0), mask: clip.mask($0)) }
            + judge.finish()
        let edges = right.compactMap { $0.parts[.edge] }
        #expect(edges.count == 12 && edges.allSatisfy { $0 > 0.8 }, "\(edges)")
    }
}
