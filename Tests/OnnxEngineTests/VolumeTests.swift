import Glibc
import NeuralGraph
import OnnxEngine
import TestSupport
import Testing

/// Operators on series of images, against their formulas.
@Suite struct VolumeTests {
    private static func numbers(_ count: Int, seed: UInt64) -> [Float] {
        var random = RandomSource(seed: seed)
        return (0..<count).map { _ in random.signed() }
    }

    private static func difference(_ ours: [Float]?, _ formula: [Double]) -> Double {
        guard let ours, ours.count == formula.count else { return .infinity }
        return zip(ours, formula).map { abs(Double($0) - $1) }.max() ?? 0
    }

    /// [1, 2, 5, 4, 3], with windows of 3 × 2 × 1 whose elements are `distance` frames apart.
    @Test(arguments: [1, 2])
    func convolutionIsTheFormula(distance: Int) async throws {
        let sides = [5, 4, 3]
        let x = Self.numbers(2 * 60, seed: 1)
        let weight = Self.numbers(3 * 2 * 3 * 2, seed: 2)
        let bias = Self.numbers(3, seed: 3)
        let weights = WrittenWeights()
            .adding("layer.weight", [3, 2, 3, 2, 1], weight)
            .adding("layer.bias", [3], bias)
        let session = try Runs.session(weights) { builder in
            builder.input("x", .float32, [1, 2, 5, 4, 3]).convolvedInVolume(
                with: builder.root.layer.weight("weight", [3, 2, 3, 2, 1]),
                adding: builder.root.layer.weight("bias", [3]),
                padding: [distance, 1, 0],
                dilation: [distance, 1, 1]
            )
        }
        let result = try await Runs.run(session, [1, 2, 5, 4, 3], x)
        #expect(result?.shape == [1, 3, 5, 5, 3])
        var expected: [Double] = []
        for output in 0..<3 {
            for (frame, row, column) in Self.places([5, 5, 3]) {
                var sum = Double(bias[output])
                for input in 0..<2 {
                    for (tap, step, _) in Self.places([3, 2, 1]) {
                        let place = (frame + (tap - 1) * distance, row + step - 1)
                        guard (0..<sides[0]).contains(place.0), (0..<sides[1]).contains(place.1)
                        else { continue }
                        let factor = weight[((output * 2 + input) * 3 + tap) * 2 + step]
                        let index = ((input * 5 + place.0) * 4 + place.1) * 3 + column
                        sum += Double(factor) * Double(x[index])
                    }
                }
                expected.append(sum)
            }
        }
        #expect(Self.difference(result?.values, expected) < 1e-5)
    }

    private static func places(_ sides: [Int]) -> [(Int, Int, Int)] {
        (0..<sides[0]).flatMap { a in
            (0..<sides[1]).flatMap { b in (0..<sides[2]).map { (a, b, $0) } }
        }
    }

    @Test func squaresAndImagesHaveTheirMeans() async throws {
        let x = (0..<2 * 3 * 5).map { Float($0) }
        let squares = try Runs.session { builder in
            builder.input("x", .float32, [1, 2, 1, 3, 5]).meansOfSquares(2)
        }
        let found = try await Runs.run(squares, [1, 2, 1, 3, 5], x)
        #expect(found?.shape == [1, 2, 1, 1, 2] && found?.values == [3, 5, 18, 20])
        let images = try Runs.session { builder in
            builder.input("x", .float32, [1, 2, 1, 3, 5]).meansOfImages()
        }
        let means = try await Runs.run(images, [1, 2, 1, 3, 5], x)
        #expect(means?.shape == [1, 2, 1] && means?.values == [7, 22])
    }

    @Test func diagonalsLieUnderOneAnother() async throws {
        let session = try Runs.session { builder in
            builder.input("x", .float32, [3, 3]).aroundDiagonal(2)
        }
        let result = try await Runs.run(session, [3, 3], [1, 2, 3, 4, 5, 6, 7, 8, 9])
        #expect(result?.shape == [3, 5])
        #expect(result?.values == [0, 0, 1, 2, 3, 0, 4, 5, 6, 0, 7, 8, 9, 0, 0])
    }

    @Test func rowsHaveTheLengthOne() async throws {
        let session = try Runs.session { builder in
            builder.input("x", .float32, [3, 2]).normalizedRows()
        }
        let result = try await Runs.run(session, [3, 2], [3, 4, 0, 0, -5, 0])
        #expect(Self.difference(result?.values, [0.6, 0.8, 0, 0, -1, 0]) < 1e-6)
    }

    /// Each channel with its own window, however long the series is.
    @Test func channelsMayStayApart() async throws {
        let weight = Self.numbers(2 * 4, seed: 4)
        let weights = WrittenWeights().adding("layer.weight", [2, 1, 4], weight)
        let session = try Runs.session(weights) { builder in
            builder.input("x", .float32, [1, 2, "steps"]).convolvedAlongLast(
                with: builder.root.layer.weight("weight", [2, 1, 4]),
                adding: nil,
                ends: (1, 2),
                groups: 2
            )
        }
        for steps in [1, 2, 9] {
            let x = Self.numbers(2 * steps, seed: 5)
            let result = try await Runs.run(session, [1, 2, steps], x)
            #expect(result?.shape == [1, 2, steps])
            let expected = (0..<2 * steps).map { index in
                let (channel, step) = (index / steps, index % steps)
                return (0..<4).reduce(0.0) { sum, tap in
                    let place = step + tap - 1
                    guard (0..<steps).contains(place) else { return sum }
                    return sum
                        + Double(weight[channel * 4 + tap]) * Double(x[channel * steps + place])
                }
            }
            #expect(Self.difference(result?.values, expected) < 1e-5)
        }
    }
}
