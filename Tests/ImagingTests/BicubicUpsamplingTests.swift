import Imaging
import TestSupport
import Testing

@Suite struct BicubicUpsamplingTests {
    private func resize(
        _ source: [Float],
        _ from: (width: Int, height: Int),
        _ to: (width: Int, height: Int)
    ) -> [Float] {
        let upsampling = BicubicUpsampling(from: from, to: to)
        var target = [Float](repeating: .nan, count: to.width * to.height)
        source.withUnsafeBufferPointer { source in
            target.withUnsafeMutableBufferPointer { upsampling.resize(source, into: $0) }
        }
        return target
    }

    @Test func valuesAreTorchs() throws {
        let cases = try RawFixtures.read("resampling").filter { $0.kind == "plane" }
        #expect(cases.count == 3)
        for one in cases {
            let source = try RawFixtures.floats("resampling", one.name + ".source")
            let expected = try RawFixtures.floats("resampling", one.name + ".result")
            let result = resize(source, one.source, one.target)
            #expect(result.count == expected.count)
            let worst = zip(result, expected).map { abs($0 - $1) }.max() ?? .infinity
            #expect(worst < 2e-5, "\(one.name): \(worst)")
        }
    }

    /// The outer weight of the kernel with a = -0.75 at a distance of 1.25.
    @Test func theEdgeIsRepeatedAndOvershoots() {
        let overshoot: Float = 0.10546875
        let row = resize([0, 1], (2, 1), (4, 1))
        #expect(row.first == -overshoot && row.last == 1 + overshoot)
        let column = resize([1, 0], (1, 2), (1, 4))
        #expect(column.first == 1 + overshoot && column.last == -overshoot)
    }

    @Test func theSameSizeIsTheSamePlane() {
        let source = (0..<9 * 5).map { Float($0 * $0 % 17) }
        #expect(resize(source, (9, 5), (9, 5)) == source)
    }

    @Test func aReductionPicksWithoutAntialiasing() {
        // Every third sample of three lies on a source sample.
        let source = (0..<27).map { Float($0 % 7) }
        let expected = stride(from: 1, to: 27, by: 3).map { source[$0] }
        #expect(resize(source, (27, 1), (9, 1)) == expected)
        #expect(resize(source, (1, 27), (1, 9)) == expected)
    }
}
