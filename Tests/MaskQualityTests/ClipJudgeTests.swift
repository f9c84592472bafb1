import Imaging
import MaskQuality
import Testing

/// Scores of masks of drawn clips, where it is known which are right.
@Suite struct ClipJudgeTests {
    private static let frameCount = 24

    private func judged(
        _ model: QualityModel = .alone,
        _ clip: DrawnClip = DrawnClip(),
        own: OwnSignals = OwnSignals(),
        builtIn: ((Int) -> GrayImage)? = nil,
        masks: (Int) -> GrayImage?
    ) -> [FrameQuality] {
        var judge = ClipJudge(width: clip.width, height: clip.height, model: model)
        let early = (0..<Self.frameCount).flatMap { index in
            judge.add(
                clip.frame(index),
                mask: masks(index),
                own: own,
                builtIn: builtIn?(index)
            )
        }
        return early + judge.finish()
    }

    private func mean(_ qualities: [FrameQuality]) -> Double { FrameQuality.mean(qualities) }

    @Test(arguments: [false, true])
    func trueMasksScoreHighAndDamagedOnesLow(isBuiltIn: Bool) {
        let clip = DrawnClip()
        let model: QualityModel = isBuiltIn ? .builtIn : .alone
        let right = judged(model) { clip.mask($0) }
        #expect(right.map(\.frame) == Array(0..<Self.frameCount))
        #expect(mean(right) > 0.85, "\(mean(right))")
        for (name, shift, growth) in [
            ("shifted", 24, 0), ("eroded", 0, -16), ("dilated", 0, 24), ("elsewhere", 130, 0),
        ] as [(String, Float, Float)] {
            let wrong = judged(model) { clip.mask($0, shift: shift, growth: growth) }
            #expect(mean(wrong) < mean(right) - 0.2, "\(name): \(mean(wrong))")
        }
    }

    @Test func largerDamageScoresLower() {
        let clip = DrawnClip()
        let scores = [0, 8, 24, 60].map { shift in
            mean(judged { clip.mask($0, shift: Float(shift)) })
        }
        #expect(scores == scores.sorted(by: >), "\(scores)")
    }

    @Test func emptyAndFullMasksAreNoObjects() {
        let clip = DrawnClip()
        let empty = judged { clip.mask($0, growth: -100) }
        #expect(empty.allSatisfy { $0.score == 0 && $0.parts.isEmpty })
        let full = judged { clip.mask($0, growth: 1000) }
        #expect(full.allSatisfy { $0.score < 0.05 && $0.parts.isEmpty })
    }

    @Test func theFramesOfABlinkingMaskThatAreWrongScoreLower() {
        let clip = DrawnClip()
        let isWrong = { (frame: Int) in frame % 5 == 3 }
        let scores = judged { clip.mask($0, shift: isWrong($0) ? 100 : 0) }
        let worst = scores.filter { isWrong($0.frame) }.map(\.score).max() ?? 1
        let best = scores.filter { !isWrong($0.frame) }.map(\.score).min() ?? 0
        #expect(worst < best, "\(worst) \(best)")
    }

    @Test func framesWithoutAMaskAreLeftOut() {
        let clip = DrawnClip()
        let scores = judged { $0 % 2 == 0 ? clip.mask($0) : nil }
        #expect(scores.map(\.frame) == Array(stride(from: 0, to: Self.frameCount, by: 2)))
    }

    @Test func nothingThatMovesSaysNothingAboutMotion() {
        let clip = DrawnClip(speed: 0)
        let scores = judged(.alone, clip) { clip.mask($0) }
        #expect(scores.allSatisfy { $0.parts[.motion] == nil && $0.parts[.motionEdge] == nil })
        #expect(mean(scores) > 0.7, "\(mean(scores))")
    }

    @Test func theBuiltInMethodsMasksCountAsFarAsTheyAreTrusted() {
        let clip = DrawnClip()
        let shifted = { (frame: Int) in clip.mask(frame, shift: 12) }
        let agreeing = judged(.compared, builtIn: shifted, masks: shifted)
        let disagreeing = judged(
            .compared,
            builtIn: { clip.mask($0, shift: 130) },
            masks: shifted
        )
        #expect(mean(agreeing) > mean(disagreeing) + 0.2)
        let wrong = judged(.builtIn) { clip.mask($0, shift: 130) }
        let untrusted = FrameQuality.weighed(disagreeing, by: wrong)
        #expect(mean(wrong) < 0.5 && mean(untrusted) > mean(disagreeing))
        #expect(untrusted.allSatisfy { $0.parts[.agreement] == 0.5 })
        let right = judged(.builtIn) { clip.mask($0) }
        let trusted = FrameQuality.weighed(disagreeing, by: right)
        #expect(mean(right) > 0.7 && trusted.map(\.score) == disagreeing.map(\.score))
    }

    @Test func whatTheModelSaysCounts() {
        let clip = DrawnClip()
        let mask = { (frame: Int) in clip.mask(frame, shift: 12) }
        let plain = mean(judged(masks: mask))
        let sure = mean(judged(own: OwnSignals(predictedIoU: 0.95, isPresent: true), masks: mask))
        let doubtful = mean(
            judged(own: OwnSignals(predictedIoU: 0.3, isPresent: false), masks: mask)
        )
        #expect(sure > plain && plain > doubtful, "\(sure) \(plain) \(doubtful)")
    }

    /// Two shots: nothing is compared across the cut.
    @Test func aCutIsNoJump() {
        let (first, second) = (DrawnClip(), DrawnClip(start: 200, seed: 3000))
        var judge = ClipJudge(width: first.width, height: first.height, model: .alone)
        var scores: [FrameQuality] = []
        for index in 0..<2 * Self.frameCount {
            let isFirst = index < Self.frameCount
            let (clip, place) = isFirst ? (first, index) : (second, index - Self.frameCount)
            scores += judge.add(
                isFirst ? clip.frame(place) : Self.inverted(clip.frame(place, number: index)),
                mask: clip.mask(place)
            )
        }
        scores += judge.finish()
        #expect(scores.map(\.frame) == Array(0..<2 * Self.frameCount))
        #expect(scores[Self.frameCount].parts[.steady] == nil)
        #expect(scores.allSatisfy { $0.score > 0.5 }, "\(scores.map(\.score))")
    }

    /// The negative: other colours everywhere.
    private static func inverted(_ frame: VideoFrame) -> VideoFrame {
        var samples: [UInt8] = []
        for plane in 0..<3 { samples += frame.withPlane(plane) { $1.map { 255 - $0 } } }
        return VideoFrame(
            index: frame.index,
            time: nil,
            width: frame.width,
            height: frame.height,
            format: .yuv420p,
            pixels: PixelBuffer(byteCount: samples.count) { $0.copyBytes(from: samples) }
        )
    }

    /// More frames than are kept at once.
    @Test func aLongShotIsJudgedInParts() {
        let (width, height, count) = (64, 48, 450)
        var judge = ClipJudge(width: width, height: height, model: .alone)
        var scores: [FrameQuality] = []
        var earlyCount = 0
        for index in 0..<count {
            let samples = (0..<width * height * 3 / 2).map {
                UInt8(($0 * 7 + index * 3) % 200 + 20)
            }
            let frame = VideoFrame(
                index: index,
                time: nil,
                width: width,
                height: height,
                format: .yuv420p,
                pixels: PixelBuffer(byteCount: samples.count) { $0.copyBytes(from: samples) }
            )
            let mask = GrayImage(
                width: width,
                height: height,
                pixels: (0..<width * height).map { $0 % width < 20 ? 255 : 0 }
            )
            scores += judge.add(frame, mask: mask)
            earlyCount = scores.count
        }
        scores += judge.finish()
        #expect(scores.map(\.frame) == Array(0..<count))
        #expect(earlyCount >= 400)
        #expect(scores.allSatisfy { (0...1).contains($0.score) })
    }
}
