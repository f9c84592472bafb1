import DepthMasks
import Imaging
import Testing

@Suite struct SteadyDepthTests {
    private func qualities(
        _ maps: [DepthMap],
        _ threshold: DepthThreshold = .otsu,
        truth: (Int) -> GrayImage
    ) -> (plain: MaskQuality, steady: MaskQuality) {
        (
            MaskQuality(DepthScene.plainMasks(maps, threshold), truth: truth),
            MaskQuality(DepthScene.steadyMasks(maps, threshold), truth: truth)
        )
    }

    @Test func steadyMasksFlickerFarLess() {
        var scene = DepthScene()
        scene.noise = 0.15
        scene.wave = 0.1
        let quality = qualities((0..<40).map(scene.map), truth: scene.truth)
        #expect(quality.plain.flicker > 0.002, "the scene must be hard")
        #expect(quality.steady.flicker < 0.2 * quality.plain.flicker)
        #expect(quality.steady.mean >= quality.plain.mean)
        #expect(quality.steady.least >= quality.plain.least)
    }

    @Test func aFixedLevelIsSteadyToo() {
        var scene = DepthScene()
        scene.noise = 0.15
        let quality = qualities((0..<40).map(scene.map), .fixed(170), truth: scene.truth)
        #expect(quality.steady.flicker < 0.3 * quality.plain.flicker)
        #expect(quality.steady.mean > quality.plain.mean)
    }

    /// Scale and shift alone change nothing in a mask, whatever was before.
    @Test func masksDoNotDependOnScaleAndShift() {
        var scene = DepthScene()
        scene.jitter = 0
        let calm = (0..<20).map(scene.map)
        let shaken = calm.enumerated().map { frame, map in
            let scale = Float([1, 3, 0.4, 20, 0.01][frame % 5])
            let values = map.values.map { scale * $0 + Float(frame % 3) }
            return DepthMap(width: map.width, height: map.height, values: values)
        }
        let quality = MaskQuality(DepthScene.steadyMasks(shaken)) { frame in
            DepthScene.steadyMasks(Array(calm))[frame]
        }
        #expect(quality.least > 0.99)
    }

    @Test func whatComesNearDoesNotLag() {
        var scene = DepthScene()
        scene.disc = { frame in
            let step = Float(frame)
            return (60, 36, 8 + 0.4 * step, 1.8 + 0.03 * step)
        }
        let quality = qualities((0..<40).map(scene.map), truth: scene.truth)
        #expect(quality.steady.mean >= quality.plain.mean - 0.01)
        #expect(quality.steady.overlaps[16...].allSatisfy { $0 > 0.98 })
    }

    @Test func whatMovesFastIsNotSmeared() {
        var scene = DepthScene()
        scene.disc = { (16 + 9 * Float($0 % 12), 34, 14, 2.4) }
        let quality = qualities((0..<12).map(scene.map), truth: scene.truth)
        #expect(quality.steady.least > 0.99)
    }

    @Test func aCutOfTheSceneStartsAnew() {
        let first = DepthScene()
        var second = DepthScene()
        second.slope = [-1, 0.3]
        second.disc = { (100 - 2 * Float($0 - 20), 20, 14, 2.2) }
        let maps = (0..<40).map { $0 < 20 ? first.map($0) : second.map($0) }
        let together = DepthScene.steadyMasks(maps)
        #expect(together[..<20] == DepthScene.steadyMasks(Array(maps[..<20]))[...])
        #expect(Array(together[20...]) == DepthScene.steadyMasks(Array(maps[20...])))
    }

    @Test(arguments: [0, 3, 8])
    func everyFrameIsDecidedOnceAndInOrder(lookAhead: Int) {
        let maps = (0..<13).map(DepthScene().map)
        var steady = SteadyDepth(threshold: .otsu, lookAhead: lookAhead)
        var decided: [DepthMap] = []
        for (index, map) in maps.enumerated() {
            decided += steady.add(map).map(\.depth)
            #expect(decided.count == max(0, index + 1 - lookAhead))
        }
        decided += steady.finish().map(\.depth)
        #expect(decided == maps)
        #expect(steady.finish().isEmpty)
    }

    @Test(arguments: [Float.nan, 7])
    func aMapWithoutDepthsHasNoObjectAndKeepsItsPlace(value: Float) {
        let good = (0..<6).map(DepthScene().map)
        let count = DepthScene.width * DepthScene.height
        let bad = DepthMap(
            width: DepthScene.width,
            height: DepthScene.height,
            values: Array(repeating: value, count: count)
        )
        let masks = DepthScene.steadyMasks(good[..<3] + [bad] + good[3...])
        #expect(
            masks.map { $0.pixels.contains(255) } == [true, true, true, false, true, true, true]
        )
    }

    @Test func theSameMapsGiveTheSameMasks() {
        let maps = (0..<12).map(DepthScene().map)
        #expect(DepthScene.steadyMasks(maps) == DepthScene.steadyMasks(maps))
    }

    @Test func theLimitsMoveSlowly() throws {
        var scene = DepthScene()
        scene.jitter = 0
        scene.noise = 0.15
        let maps = (0..<30).map(scene.map)
        var steady = SteadyDepth(threshold: .otsu)
        let cuts = maps.flatMap { steady.add($0) } + steady.finish()
        func unrest(_ limits: [DepthLimits]) -> Float {
            zip(limits, limits.dropFirst()).map { abs($0.nearest - $1.nearest) }.reduce(0, +)
        }
        let own = maps.compactMap(\.limits)
        let taken = cuts.compactMap(\.limits)
        #expect(own.count == 30 && taken.count == 30)
        #expect(unrest(taken) < 0.5 * unrest(own))
    }
}
