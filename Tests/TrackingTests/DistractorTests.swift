import Testing
import Tracking

/// What counts as a sign of a distractor.
@Suite struct DistractorTests {
    private func boxIoU(_ mask: [String], _ alternative: [String]) -> Double? {
        Distractors.boxIoU(of: logits(mask), logits(alternative), width: mask[0].count)
    }

    /// 1 for `#`, otherwise 0, which is none.
    private func logits(_ rows: [String]) -> [Float] {
        rows.joined().map { $0 == "#" ? 1 : 0 }
    }

    @Test func aPartBesideTheMaskMakesItsBoxLarger() {
        let mask = ["##....", "##....", "......", "......"]
        #expect(boxIoU(mask, ["......", "......", "......", "...#.."]) == 4.0 / 16)
        #expect(boxIoU(mask, ["....#.", "......", "......", "......"]) == 4.0 / 10)
        #expect(boxIoU(["......", "....##"], ["#.....", "......"]) == 2.0 / 12)
    }

    @Test func whatIsWithinTheBoxOrTheMaskChangesNothing() {
        let mask = ["##....", "#.....", "##...."]
        #expect(boxIoU(mask, mask) == 1)
        #expect(boxIoU(mask, ["......", "......", "......"]) == 1)
        #expect(boxIoU(mask, [".#....", ".#....", "......"]) == 1)
    }

    /// The mask itself is no part, however large it is.
    @Test func onlyTheLargestPartBeyondTheMaskCounts() {
        let mask = ["###...", "###...", "......", "......"]
        #expect(boxIoU(mask, ["###..#", "###...", "##....", "......"]) == 6.0 / 9)
        // Corners join.
        #expect(boxIoU(mask, ["....#.", "...#..", "#.....", "......"]) == 6.0 / 10)
        // Of equals the first.
        #expect(boxIoU(mask, [".....#", "......", "......", "#....."]) == 6.0 / 12)
    }

    @Test func anEmptyMaskHasNoBox() {
        #expect(boxIoU(["...", "..."], ["#..", "..."]) == nil)
    }
}
