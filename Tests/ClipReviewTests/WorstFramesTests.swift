import ClipReview
import Imaging
import MaskStore
import Testing

/// The frames that show best what is wrong.
@Suite struct WorstFramesTests {
    private func records(_ scores: [Double?]) -> [FrameRecord] {
        let image = GrayImage(width: 2, height: 2, pixels: [255, 0, 0, 0])
        return scores.enumerated().map { frame, score in
            FrameRecord(
                frame: frame,
                time: nil,
                mask: Mask(image: image, judgement: MaskJudgement(score: score))
            )
        }
    }

    @Test func theWorstComeFirstAndNeighboursOnce() {
        // Worst in the middle, and on frame 5.
        let scores = (0..<80).map { $0 == 5 ? 0.03 : abs(Double($0) - 40) / 80 }
        let worst = WorstFrames.choose(records(scores), count: 4)
        #expect(worst == [40, 5, 30, 50])
    }

    @Test func framesWithoutAScoreAreLeftOut() {
        #expect(WorstFrames.choose(records([nil, 0.5, nil]), count: 8) == [1])
        #expect(WorstFrames.choose(records([nil, nil]), count: 8).isEmpty)
        #expect(WorstFrames.choose([], count: 8).isEmpty)
    }
}
