import SoundMotion
import TestSupport
import Testing

/// Which of three objects moves in time with the audio, and when that cannot be known. Rates over
/// many more clips are in Benchmarks.
@Suite struct SoundComparisonTests {
    private static let seeds = 0..<12 as Range<UInt64>

    /// How often the right object is chosen, and how often another one.
    private func decisions(_ scene: (UInt64) -> SoundScene) -> (right: Int, wrong: Int) {
        let chosen = Self.seeds.map { (scene($0).comparison().best, Int($0 % 3)) }
        return (chosen.count { $0 == $1 }, chosen.count { $0 != nil && $0 != $1 })
    }

    @Test(arguments: [4, 8]) func theObjectThatJerksAtTheKnocksIsFound(count: Int) {
        let found = decisions { .knocking(count, seed: $0) }
        #expect(found.right >= 9 && found.wrong == 0, "\(found)")
    }

    @Test func theLagSaysHowMuchLaterTheAudioIs() throws {
        for (delay, frames) in [(0.08, 2), (-0.08, -2)] {
            let comparison = SoundScene.knocking(8, delay: delay, seed: 3).comparison()
            let match = try #require(comparison.matches[0])
            #expect(abs(match.lag - frames) <= 1 && match.correlation > 0.4, "\(match)")
        }
    }

    @Test func aCameraThatShakesALittleDoesNotHideIt() {
        let found = decisions { .knocking(8, shake: 1, seed: $0) }
        #expect(found.right >= 6 && found.wrong == 0, "\(found)")
    }

    @Test func masksAreRegionsLikeBoxes() {
        let scene = SoundScene.knocking(8, seed: 3)
        let boxes = scene.comparison()
        let masks = scene.comparison(scene.boxes.map { .mask(SoundScene.mask($0)) })
        #expect(boxes.best == 0 && masks == boxes)
    }

    @Test func anObjectAloneIsComparedWithChance() {
        let alone = { (scene: SoundScene, index: Int) in
            scene.comparison([.box(scene.boxes[index])]).best
        }
        let right = Self.seeds.count { alone(.knocking(8, seed: $0), Int($0 % 3)) == 0 }
        let wrong = Self.seeds.count { alone(.knocking(8, seed: $0), Int(($0 + 1) % 3)) == 0 }
        #expect(right >= 9 && wrong <= 2, "\(right) \(wrong)")
    }

    // MARK: - Where no answer is right

    @Test(arguments: [0, 2] as [Float])
    func knocksOfSomethingThatIsNotInTheFrameAreRarelyTakenForAnObjects(shake: Float) {
        let found = Self.seeds.count {
            SoundScene.offScreen(8, shake: shake, seed: $0).comparison().best != nil
        }
        #expect(found <= 2)
    }

    @Test func aCameraThatIsKnockedMovesEverythingAlike() {
        for seed in Self.seeds {
            var random = RandomSource(seed: seed)
            let knocks = SoundScene.moments(8, &random)
            let camera = (0..<200).map { index -> (x: Float, y: Float) in
                let isKnocked = knocks.contains { abs(Double(index) / SoundScene.rate - $0) < 0.05 }
                return isKnocked ? (2, 3) : (0, 0)
            }
            let scene = SoundScene(
                jerks: (0..<3).map { _ in SoundScene.moments(8, &random) },
                camera: camera,
                audio: SoundScene.knocks(at: knocks, &random),
                seed: seed
            )
            #expect(scene.comparison().best == nil, "\(seed)")
        }
    }

    @Test func silenceASteadySoundAndASingleKnockSayNothing() {
        let audio: [(inout RandomSource) -> [Float]] = [
            { _ in SoundScene.silence },
            { SoundScene.hum(&$0) },
            { SoundScene.knocks(at: [4], &$0) },
        ]
        for (seed, audio) in audio.enumerated() {
            let scene = SoundScene.unrelated(8, seed: UInt64(seed), audio: audio)
            let comparison = scene.comparison()
            #expect(comparison.best == nil && comparison.matches == [nil, nil, nil])
        }
    }

    @Test func anObjectThatIsHardlyThereIsNotCompared() {
        let scene = SoundScene.knocking(8, seed: 3)
        let motion = scene.motion { frame in
            [.box(scene.boxes[0]), frame < 23 ? .box(scene.boxes[1]) : nil, nil]
        }
        let comparison = SoundComparison(motion, OnsetStrength(scene.audio), at: scene.times)
        #expect(comparison.best == 0)
        #expect(comparison.matches[1] == nil && comparison.matches[2] == nil)
    }

    @Test func whatNeverMovesDoesNotFollowTheAudio() {
        let frame = [UInt8](repeating: 90, count: SoundScene.width * SoundScene.height)
        let scene = SoundScene.knocking(8, seed: 3)
        var motion = RegionMotion(
            width: SoundScene.width,
            height: SoundScene.height,
            regions: 1
        )
        for _ in scene.times {
            frame.withUnsafeBufferPointer { motion.add($0, [.box(scene.boxes[0])]) }
        }
        let comparison = SoundComparison(motion, OnsetStrength(scene.audio), at: scene.times)
        #expect(comparison.best == nil)
        #expect(comparison.matches == [SoundMatch(correlation: 0, lag: 0, p: 1)])
    }

    @Test(arguments: [1, 2, 47]) func aShortClipSaysNothing(frames: Int) {
        let scene = SoundScene.knocking(8, seed: 3)
        let motion = scene.motion(count: frames) { _ in [.box(scene.boxes[0])] }
        let comparison = SoundComparison(
            motion,
            OnsetStrength(scene.audio),
            at: Array(scene.times.prefix(frames))
        )
        #expect(comparison.best == nil && comparison.matches == [nil])
    }

    @Test func boxesOutsideTheFrameAndEmptyMasksAreNoFault() {
        let outside = MotionBox(left: -50, top: 100, right: -20, bottom: 4000)
        let none = [UInt8](repeating: 0, count: SoundScene.width * SoundScene.height)
        let comparison = SoundScene.knocking(4, seed: 1)
            .comparison([.box(outside), .mask(none)])
        #expect(comparison.matches.count == 2)
    }
}
