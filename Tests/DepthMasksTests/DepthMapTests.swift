import DepthMasks
import Imaging
import MaskStore
import TestSupport
import Testing

@Suite struct DepthMapTests {
    private func row(_ values: [Float]) -> DepthMap {
        DepthMap(width: values.count, height: 1, values: values)
    }

    @Test func theLimitsAreTheLeastAndTheGreatest() {
        for count in 1...20 {
            let values = (0..<count).map { Float(($0 * 23 + 3) % count) - 2 }
            let limits = DepthLimits(farthest: -2, nearest: Float(count) - 3)
            #expect(row(values).limits == limits)
        }
    }

    @Test(arguments: [Float.nan, .infinity, -.infinity])
    func oneValueThatIsNoDepthTakesTheLimitsAway(value: Float) {
        for place in 0..<21 {
            var values = (0..<21).map(Float.init)
            values[place] = value
            #expect(row(values).limits == nil, "at \(place)")
            let mask = row(values).mask(.otsu)
            #expect(mask.limits == nil && mask.level == nil)
            #expect(mask.image.pixels.allSatisfy { $0 == 0 })
        }
    }

    @Test func eightBitsAreRoundedDown() {
        let map = row([0, 0.5, 1, 0.9999, 0.0039, 0.00393, 1, 0, 0.25, 0.75])
        let limits = DepthLimits(farthest: 0, nearest: 1)
        #expect(map.levels(within: limits).pixels == [0, 127, 255, 254, 0, 1, 255, 0, 63, 191])
    }

    @Test func sixteenBitsAreRounded() {
        let map = row([2, 3, 4, 2.5])
        let limits = DepthLimits(farthest: 2, nearest: 4)
        #expect(map.fineLevels(within: limits).pixels == [0, 32768, 65535, 16384])
    }

    @Test func whatIsBeyondTheLimitsIsClipped() {
        let limits = DepthLimits(farthest: 0, nearest: 1)
        let map = row([-1e30, -0.1, 1.1, 1e30])
        #expect(map.levels(within: limits).pixels == [0, 0, 255, 255])
        #expect(map.fineLevels(within: limits).pixels == [0, 0, 65535, 65535])
    }
}

@Suite struct DepthMaskTests {
    @Test func masksAreTheReferenceImplementations() throws {
        let cases = try RawFixtures.read("depth-masks")
        #expect(cases.count == 3)
        for one in cases {
            let values = try RawFixtures.floats("depth-masks", one.name + ".source")
            let map = DepthMap(width: one.from[0], height: one.from[1], values: values)
            let upsampling = BicubicUpsampling(from: one.source, to: one.target)
            let mask = map.resized(by: upsampling).mask(.otsu)
            let expected = try RawFixtures.bytes("depth-masks", one.name + ".result")
            #expect(mask.image.pixels == expected)
            #expect(one.kind == mask.level.map { "level \($0)" })
        }
    }

    @Test func aFixedLevelBinarizesAboveIt() {
        let map = DepthMap(width: 4, height: 1, values: [0, 100, 101, 255])
        #expect(map.mask(.fixed(100)).image.pixels == [0, 0, 255, 255])
        #expect(map.mask(.fixed(0)).image.pixels == [0, 255, 255, 255])
        #expect(map.mask(.fixed(255)).image.pixels == [0, 0, 0, 0])
    }

    @Test(arguments: [DepthThreshold.otsu, .fixed(0)])
    func aFlatMapHasNoObject(threshold: DepthThreshold) {
        let mask = DepthMap(width: 3, height: 3, values: Array(repeating: 4, count: 9))
            .mask(threshold)
        #expect(mask.image.pixels == Array(repeating: 0, count: 9))
        #expect(mask.limits?.isFlat == true && mask.level == nil)
    }

    @Test(arguments: [DepthThreshold.otsu, .fixed(90)])
    func aMetricMapGivesTheMaskOfARelativeOne(threshold: DepthThreshold) {
        for frame in 0..<5 {
            let relative = DepthScene().map(frame)
            // Inverse distances of 0.2 to 2 a metre.
            let least = relative.values.min() ?? 0
            let most = relative.values.max() ?? 1
            let metres = relative.values.map { 1 / (0.2 + 1.8 * ($0 - least) / (most - least)) }
            let metric = DepthMap(width: relative.width, height: relative.height, metres: metres)
            let masks = (metric.mask(threshold).image, relative.mask(threshold).image)
            #expect(MaskMetrics.iou(masks.0, masks.1) > 0.998)
        }
    }

    @Test func aDistanceOfNothingIsNotInfinitelyNear() {
        let map = DepthMap(width: 3, height: 1, metres: [0, 2, -1])
        #expect(map.values == [10, 0.5, 10])
        #expect(DepthMap(width: 1, height: 1, metres: [.nan]).limits == nil)
    }
}
