import Imaging
import TestSupport
import Testing

@Suite struct AntialiasedResizeTests {
    private func resize(
        _ source: [UInt8],
        _ from: (width: Int, height: Int),
        _ to: (width: Int, height: Int),
        _ filter: ResamplingFilter
    ) -> [UInt8] {
        let resize = AntialiasedResize(from: from, to: to, filter: filter)
        var target = [UInt8](repeating: 7, count: to.width * to.height * 3)
        source.withUnsafeBufferPointer { source in
            target.withUnsafeMutableBufferPointer { resize.resize(source, into: $0) }
        }
        return target
    }

    /// Each grey value as red, and other values as green and blue.
    private func pixels(_ red: [UInt8], green: UInt8 = 9, blue: UInt8 = 200) -> [UInt8] {
        red.flatMap { [$0, green, blue] }
    }

    @Test func everyValueIsTorchs() throws {
        let cases = try RawFixtures.read("resampling").filter {
            ["bilinear", "bicubic"].contains($0.kind)
        }
        #expect(cases.count == 8)
        for one in cases {
            let filter: ResamplingFilter = one.kind == "bilinear" ? .bilinear : .bicubic
            let source = try RawFixtures.bytes("resampling", one.name + ".source")
            let expected = try RawFixtures.bytes("resampling", one.name + ".result")
            #expect(resize(source, one.source, one.target, filter) == expected, "\(one.name)")
        }
    }

    /// The triangle, stretched by 2, weighs three samples with 3, 3 and 1 seventh.
    @Test func aReductionWeighsWhatTheStretchedFilterReaches() {
        let row = resize(pixels([0, 0, 0, 70]), (4, 1), (2, 1), .bilinear)
        #expect(row == pixels([0, 30]))
        let column = resize(pixels([70, 0, 0, 0]), (1, 4), (1, 2), .bilinear)
        #expect(column == pixels([30, 0]))
    }

    @Test func anEnlargementInterpolates() {
        let row = resize(pixels([0, 100]), (2, 1), (4, 1), .bilinear)
        #expect(row == pixels([0, 25, 75, 100]))
    }

    /// The cubic overshoots at an edge of full contrast, and 8 bits clamp it.
    @Test func overshootsAreClamped() {
        let row = resize(pixels([0, 0, 255, 255]), (4, 1), (16, 1), .bicubic)
        let red = stride(from: 0, to: row.count, by: 3).map { row[$0] }
        #expect(red == red.sorted() && red.first == 0 && red.last == 255)
    }

    @Test(arguments: ResamplingFilter.allCases)
    func theSameSizeIsTheSameImage(filter: ResamplingFilter) {
        let source = (0..<11 * 7 * 3).map { UInt8(truncatingIfNeeded: $0 &* 89) }
        #expect(resize(source, (11, 7), (11, 7), filter) == source)
    }

    @Test(arguments: ResamplingFilter.allCases)
    func aUniformImageStaysUniform(filter: ResamplingFilter) {
        for size in [(1, 1), (5, 3), (400, 2), (3, 700)] {
            let source = pixels(Array(repeating: 131, count: size.0 * size.1))
            let result = resize(source, size, (17, 6), filter)
            #expect(result == pixels(Array(repeating: 131, count: 17 * 6)), "\(size)")
        }
    }

    @Test func tasksMayShareTheWeights() async {
        let shared = AntialiasedResize(from: (90, 60), to: (42, 28), filter: .bicubic)
        let results = await withTaskGroup(of: (UInt8, [UInt8]).self) { group in
            for red in 0..<UInt8(16) {
                group.addTask {
                    let source = (0..<90 * 60 * 3).map { UInt8(truncatingIfNeeded: $0 * Int(red)) }
                    var target = [UInt8](repeating: 0, count: 42 * 28 * 3)
                    source.withUnsafeBufferPointer { source in
                        target.withUnsafeMutableBufferPointer { shared.resize(source, into: $0) }
                    }
                    return (red, target)
                }
            }
            return await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
        }
        for (red, result) in results {
            let source = (0..<90 * 60 * 3).map { UInt8(truncatingIfNeeded: $0 * Int(red)) }
            #expect(resize(source, (90, 60), (42, 28), .bicubic) == result)
        }
    }
}
