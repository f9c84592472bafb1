import Diagnostics
import NeuralGraph
import TestSupport
import Testing

/// Shapes that do not match are reported with the module that they belong to; nothing traps.
@Suite struct DiagnosticTests {
    /// An operator that is given a [2, 3] from the module `block.0.norm`.
    struct Misuse: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let make: @Sendable (Value) -> Value

        init(_ name: String, _ make: @escaping @Sendable (Value) -> Value) {
            testDescription = name
            self.make = make
        }
    }

    private static let misuses = [
        Misuse("sum") { $0 + $0.transposed([1, 0]) },
        Misuse("difference") { $0 - $0.transposed([1, 0]) },
        Misuse("product of matrices") {
            $0.multiplied(byRowsOf: $0.transposed([1, 0]), adding: nil)
        },
        Misuse("bias") { $0.multiplied(byRowsOf: $0, adding: $0) },
        Misuse("product in bytes") { $0.multipliedInBytes(by: $0, scale: $0, adding: nil) },
        Misuse("convolution") { $0.convolved(with: $0, adding: nil) },
        Misuse("kernel that is too large") {
            let image = $0.reshaped([1, 1, 2, 3])
            return image.convolved(with: $0.reshaped([1, 1, 3, 2]), adding: nil)
        },
        Misuse("convolution along time") { $0.convolvedAlongLast(with: $0, adding: nil) },
        Misuse("window that is too long") {
            let series = $0.reshaped([1, 3, 2])
            return series.convolvedAlongLast(with: $0.reshaped([1, 2, 3]), adding: nil)
        },
        Misuse("window of other groups") {
            let series = $0.reshaped([1, 3, 2])
            return series.convolvedAlongLast(
                with: $0.reshaped([3, 2, 1]),
                adding: nil,
                groups: 3
            )
        },
        Misuse("convolution in volume") {
            $0.convolvedInVolume(with: $0, adding: nil, padding: [0, 0, 0])
        },
        Misuse("window that is too deep") {
            let volume = $0.reshaped([1, 1, 1, 2, 3])
            return volume.convolvedInVolume(
                with: $0.reshaped([1, 1, 2, 3, 1]),
                adding: nil,
                padding: [0, 0, 0]
            )
        },
        Misuse("squares that are too large") { $0.reshaped([1, 1, 1, 2, 3]).meansOfSquares(3) },
        Misuse("images of a matrix") { $0.meansOfImages() },
        Misuse("diagonal of no square") { $0.aroundDiagonal(1) },
        Misuse("reflection of more than there is") { $0.reflected(behind: 3) },
        Misuse("memory of other gates") {
            let x = $0.reshaped([1, 2, 3])
            return x.longShortTermMemory(weights: x, recurrence: x, bias: x, hidden: x, cell: x)
                .steps
        },
        Misuse("transposed convolution") {
            $0.transposeConvolved(with: $0, adding: nil, stride: 2)
        },
        Misuse("resize") { $0.resized(rows: 4, columns: 4, .bicubic) },
        Misuse("reshape") { $0.reshaped([4, 2]) },
        Misuse("reshape to two symbols") { $0.reshaped(["n", "m"]) },
        Misuse("order of axes") { $0.transposed([0, 0]) },
        Misuse("order of too many axes") { $0.transposed([0, 1, 2]) },
        Misuse("part beyond the end") { $0.sliced(axis: 1, 2..<4) },
        Misuse("part of an axis that is not") { $0.sliced(axis: 2, 0..<1) },
        Misuse("uneven parts") { $0.split(axis: 1, into: 2)[1] },
        Misuse("concatenation") { .concatenated([$0, $0.transposed([1, 0])], axis: 0) },
        Misuse("concatenation of other ranks") { .concatenated([$0, $0.reshaped([6])], axis: 0) },
        Misuse("attention of matrices") {
            .attention(queries: $0, keys: $0, values: $0, heads: 1)
        },
        Misuse("attention of uneven heads") {
            let x = $0.reshaped([1, 2, 3])
            return .attention(queries: x, keys: x, values: x, heads: 2)
        },
        Misuse("attention without heads") {
            let x = $0.reshaped([1, 2, 3])
            return .attention(queries: x, keys: x, values: x, heads: 0)
        },
    ]

    @Test(arguments: misuses)
    func aDiagnosticNamesTheModule(misuse: Misuse) throws {
        let (builder, weight) = Self.begin()
        builder.output("result", Self.everything(from: misuse.make(weight)))
        let error = #expect(throws: EightCutError.self) { try builder.finish() }
        #expect(error?.code == .inputUnusable && error?.subject == "written")
        let why = try #require(error?.why)
        #expect(why.contains("from block.0.norm"), "\(why)")
        #expect(!why.contains("more"), "what follows has no diagnostic of its own: \(why)")
    }

    @Test func theFirstDiagnosticIsReportedAndTheOthersAreCounted() throws {
        let (builder, weight) = Self.begin()
        _ = weight.reshaped([7])
        _ = weight.transposed([2])
        _ = builder.root.block[1].weight("gone", [1])
        let error = #expect(throws: EightCutError.self) { try builder.finish() }
        let why = "[2, 3] from block.0.norm cannot be reshaped to [7] (and 2 more)"
        #expect(error?.why == why)
    }

    @Test(arguments: [0, -1])
    func splittingIntoNoPartsIsDiagnosedToo(count: Int) throws {
        let (builder, weight) = Self.begin()
        #expect(weight.split(axis: 1, into: count).isEmpty)
        let error = #expect(throws: EightCutError.self) { try builder.finish() }
        #expect(error?.why == "[2, 3] from block.0.norm cannot be split in \(count)")
    }

    @Test func computedWeightsAreCheckedToo() throws {
        let (builder, _) = Self.begin()
        let sources = [("scale", [2, 3]), ("gone", [2])]
        let sum = builder.root.block[0].norm.computed("both", from: sources, shape: [1]) { _ in
            [Float](repeating: 0, count: 1)
        }
        builder.output("sum", sum)
        let error = #expect(throws: EightCutError.self) { try builder.finish() }
        #expect(error?.why == "the tensor block.0.norm.gone is missing")
    }

    private static func begin() -> (GraphBuilder, Value) {
        let weights = WrittenWeights()
            .adding("block.0.norm.scale", [2, 3], [Float](repeating: 1, count: 6))
        let builder = GraphBuilder(Parameters(weights))
        return (builder, builder.root.block[0].norm.weight("scale", [2, 3]))
    }

    /// Every operator there is, on every place for an operand.
    private static func everything(from x: Value) -> Value {
        var y = (x + x * 2 - x + 1).relu().sigmoid().gelu().cast(to: .float16)
        y = y.layerNormalized(scale: x, bias: x, epsilon: 1)
        y = y.multiplied(byRowsOf: x, adding: x)
        y = y.multipliedInBytes(by: x, scale: x, adding: x)
        y = y.convolved(with: x, adding: x).transposeConvolved(with: x, adding: x, stride: 1)
        y = y.convolvedAlongLast(with: x, adding: x).reflected(behind: 1).squareRoot()
        y = y.convolvedInVolume(with: x, adding: x, padding: [0, 0, 0]).meansOfSquares(2)
        y = y.meansOfImages().aroundDiagonal(1).normalizedRows()
        y = y.longShortTermMemory(weights: x, recurrence: y, bias: x, hidden: y, cell: x).cell
        y = y.resized(rows: 2, columns: 2, .nearest).reshaped([1, 9]).transposed([3, 1])
        y = y.sliced(axis: 5, 1..<7)
        y = .attention(queries: y, keys: x, values: x, heads: 3)
        let parts = y.split(axis: 4, into: 3)
        return .concatenated(parts + [x], axis: 9)
    }
}
