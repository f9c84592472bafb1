import DepthMasks
import Imaging
import Testing

@Suite struct StabilizedDepthTests {
    private func qualities(
        _ maps: [DepthMap],
        _ threshold: DepthThreshold = .otsu,
        truth: (Int) -> GrayImage
    ) -> (single: MaskQuality, stabilized: MaskQuality) {
        (
            MaskQuality(DepthScene.singleFrameMasks(maps, threshold), truth: truth),
            MaskQuality(DepthScene.stabilizedMasks(maps, threshold), truth: truth)
        )
    }

    @Test func stabilizedMasksFlickerFarLess() {
        var scene = DepthScene()
        scene.noise = 0.15
        scene.wave = 0.1
        let quality = qualities((0..<40).map(scene.map), truth: scene.truth)
        #expect(quality.single.flicker > 0.002, "the scene must be hard")
        #expect(quality.stabilized.flicker < 0.2 * quality.single.flicker)
        #expect(quality.stabilized.mean >= quality.single.mean)
        #expect(quality.stabilized.least >= quality.single.least)
    }

    @Test func aFixedLevelIsStabilizedToo() {
        var scene = DepthScene()
        scene.noise = 0.15
        let quality = qualities((0..<40).map(scene.map), .fixed(170), truth: scene.truth)
        #expect(quality.stabilized.flicker < 0.3 * quality.single.flicker)
        #expect(quality.stabilized.mean > quality.single.mean)
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
        let quality = MaskQuality(DepthScene.stabilizedMasks(shaken)) { frame in
            DepthScene.stabilizedMasks(Array(calm))[frame]
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
        #expect(quality.stabilized.mean >= quality.single.mean - 0.01)
        #expect(quality.stabilized.ious[16...].allSatisfy { $0 > 0.98 })
    }

    @Test func whatMovesFastIsNotSmeared() {
        var scene = DepthScene()
        scene.disc = { (16 + 9 * Float($0 % 12), 34, 14, 2.4) }
        let quality = qualities((0..<12).map(scene.map), truth: scene.truth)
        #expect(quality.stabilized.least > 0.99)
    }

    @Test func aCutOfTheSceneStartsAnew() {
        let first = DepthScene()
        var second = DepthScene()
        second.slope = [-1, 0.3]
        second.disc = { (100 - 2 * Float($0 - 20), 20, 14, 2.2) }
        let maps = (0..<40).map { $0 < 20 ? first.map($0) : second.map($0) }
        let together = DepthScene.stabilizedMasks(maps)
        #expect(together[..<20] == DepthScene.stabilizedMasks(Array(maps[..<20]))[...])
        #expect(Array(together[20...]) == DepthScene.stabilizedMasks(Array(maps[20...])))
    }

    @Test(arguments: [0, 3, 8])
    func everyFrameIsDecidedOnceAndInOrder(lookAhead: Int) {
        let maps = (0..<13).map(DepthScene().map)
        var depths = StabilizedDepth(threshold: .otsu, lookAhead: lookAhead)
        var decided: [DepthMap] = []
        for (index, map) in maps.enumerated() {
            decided += depths.add(map).map(\.depth)
            #expect(decided.count == max(0, index + 1 - lookAhead))
        }
        decided += depths.finish().map(\.depth)
        #expect(decided == maps)
        #expect(depths.finish().isEmpty)
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
        let masks = DepthScene.stabilizedMasks(good[..<3] + [bad] + good[3...])
        #expect(
            masks.map { $0.pixels.contains(255) } == [true, true, true, false, true, true, true]
        )
    }

    @Test func theSameMapsGiveTheSameMasks() {
        let maps = (0..<12).map(DepthScene().map)
        #expect(DepthScene.stabilizedMasks(maps) == DepthScene.stabilizedMasks(maps))
    }

    @Test func theLimitsMoveSlowly() throws {
        var scene = DepthScene()
        scene.jitter = 0
        scene.noise = 0.15
        let maps = (0..<30).map(scene.map)
        var depths = StabilizedDepth(threshold: .otsu)
        let decided = maps.flatMap { depths.add($0) } + depths.finish()
        func unrest(_ limits: [DepthLimits]) -> Float {
            zip(limits, limits.dropFirst()).map { abs($0.nearest - $1.nearest) }.reduce(0, +)
        }
        let own = maps.compactMap(\.limits)
        let taken = decided.compactMap(\.limits)
        #expect(own.count == 30 && taken.count == 30)
        #expect(unrest(taken) < 0.5 * unrest(own))
    }
}
