import Imaging
import TestSupport
import Testing

/// Planes made larger and smaller with the triangle filter, with and without antialiasing.
@Suite struct PlaneResizeTests {
    private typealias Size = (width: Int, height: Int)

    private func resize(_ kind: String, _ source: [Float], _ from: Size, _ to: Size) -> [Float] {
        kind == "linear"
            ? BilinearResize(from: from, to: to).resized(source)
            : AntialiasedPlaneResize(from: from, to: to).resized(source)
    }

    @Test(arguments: ["linear", "triangle"])
    func valuesAreTorchs(kind: String) throws {
        let cases = try RawFixtures.read("resampling").filter { $0.kind == kind }
        #expect(cases.count == 6)
        for one in cases {
            let source = try RawFixtures.floats("resampling", one.name + ".source")
            let expected = try RawFixtures.floats("resampling", one.name + ".result")
            let result = resize(kind, source, one.source, one.target)
            #expect(result.count == expected.count)
            let worst = zip(result, expected).map { abs($0 - $1) }.max() ?? .infinity
            #expect(worst < 2e-5, "\(one.name): \(worst)")
        }
    }

    @Test(arguments: ["linear", "triangle"])
    func theSameSizeIsTheSamePlane(kind: String) {
        let source = (0..<9 * 5).map { Float($0 * $0 % 17) }
        #expect(resize(kind, source, (9, 5), (9, 5)) == source)
    }

    @Test(arguments: ["linear", "triangle"])
    func aUniformPlaneStaysUniform(kind: String) {
        for size in [(1, 1), (5, 3), (400, 2), (3, 700)] {
            let source = [Float](repeating: -1024, count: size.0 * size.1)
            let result = resize(kind, source, size, (17, 6))
            #expect(result.allSatisfy { abs($0 + 1024) < 1e-3 }, "\(size)")
        }
    }

    /// Between two samples lie two: a quarter and three quarters of the way.
    @Test(arguments: ["linear", "triangle"])
    func anEnlargementInterpolatesAndRepeatsTheEdge(kind: String) {
        #expect(resize(kind, [0, 8], (2, 1), (4, 1)) == [0, 2, 6, 8])
        #expect(resize(kind, [0, 8], (1, 2), (1, 4)) == [0, 2, 6, 8])
    }

    /// Halving takes the two samples in the middle, or with antialiasing those around them too.
    @Test func aReductionLooksAroundOnlyWithAntialiasing() {
        let source: [Float] = [0, 0, 0, 70]
        #expect(resize("linear", source, (4, 1), (2, 1)) == [0, 35])
        let smooth = resize("triangle", source, (4, 1), (2, 1))
        #expect(smooth[0] == 0 && abs(smooth[1] - 30) < 1e-5)
    }

    @Test func rowsComeOneByOneFromTheTop() {
        let resize = BilinearResize(from: (3, 4), to: (7, 9))
        let source = (0..<12).map { Float($0 * 5 % 7) }
        var rows: [[Float]] = []
        source.withUnsafeBufferPointer { source in
            resize.forEachRow(of: source) { y, row in
                #expect(y == rows.count)
                rows.append(Array(row))
            }
        }
        #expect(rows.flatMap(\.self) == resize.resized(source))
    }
}
