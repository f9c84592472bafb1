import ClipReview
import Imaging
import MaskStore
import Testing

/// The frames that show best what is wrong.
@Suite struct WorstFramesTests {
    private func worst(_ scores: [Double?], _ count: Int) -> [Int] {
        let image = GrayImage(width: 2, height: 2, pixels: [255, 0, 0, 0])
        let records = scores.enumerated().map { frame, score in
            FrameRecord(
                frame: frame,
                time: nil,
                mask: Mask(image: image, judgement: MaskJudgement(score: score))
            )
        }
        return FrameScores(of: records, count: records.count).worst(count)
    }

    @Test func theWorstComeFirstAndNeighboursOnce() {
        // Worst in the middle, and on frame 5.
        let scores = (0..<80).map { $0 == 5 ? 0.03 : abs(Double($0) - 40) / 80 }
        #expect(worst(scores, 4) == [40, 5, 30, 50])
    }

    @Test func framesWithoutAScoreAreLeftOut() {
        #expect(worst([nil, 0.5, nil], 8) == [1])
        #expect(worst([nil, nil], 8).isEmpty)
        #expect(worst([], 8).isEmpty)
    }
}
