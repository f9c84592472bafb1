import Glibc
import NeuralGraph
import OnnxEngine
import TestSupport
import Testing

/// Convolutions along time, mirror images, and memories, against their formulas.
@Suite struct SequenceTests {
    /// Numbers between -1 and 1.
    private static func numbers(_ count: Int, seed: UInt64) -> [Float] {
        var random = RandomSource(seed: seed)
        return (0..<count).map { _ in random.signed() }
    }

    private static func expect(
        _ result: [Float]?,
        _ expected: [Double],
        within limit: Double = 1e-6
    )
        throws
    {
        let result = try #require(result)
        #expect(result.count == expected.count)
        let difference = zip(result, expected).map { abs(Double($0) - $1) }.max() ?? 0
        #expect(difference < limit, "\(difference)")
    }

    @Test(arguments: [(1, 0), (1, 2), (2, 1), (3, 0)])
    func convolutionIsTheFormula(stride: Int, padding: Int) async throws {
        let (batch, inputs, outputs, length, kernel) = (2, 3, 4, 9, 3)
        let weight = Self.numbers(outputs * inputs * kernel, seed: 1)
        let bias = Self.numbers(outputs, seed: 2)
        let x = Self.numbers(batch * inputs * length, seed: 3)
        let weights = WrittenWeights()
            .adding("layer.weight", [outputs, inputs, kernel], weight)
            .adding("layer.bias", [outputs], bias)
        let session = try Runs.session(weights) { builder in
            let layer = Conv1d(
                builder.root.layer,
                inputs,
                outputs,
                kernel: kernel,
                stride: stride,
                padding: padding
            )
            return layer(builder.input("x", .float32, ["n", .fixed(inputs), .fixed(length)]))
        }
        let places = (length + 2 * padding - kernel) / stride + 1
        var expected: [Double] = []
        for row in 0..<batch {
            for output in 0..<outputs {
                for place in 0..<places {
                    var sum = Double(bias[output])
                    for input in 0..<inputs {
                        for offset in 0..<kernel {
                            let at = place * stride + offset - padding
                            guard (0..<length).contains(at) else { continue }
                            sum +=
                                Double(weight[(output * inputs + input) * kernel + offset])
                                * Double(x[(row * inputs + input) * length + at])
                        }
                    }
                    expected.append(sum)
                }
            }
        }
        let result = try await Runs.run(session, [batch, inputs, length], x)
        #expect(result?.shape == [batch, outputs, places])
        try Self.expect(result?.values, expected)
    }

    @Test func aMirrorImageLeavesOutTheLastElement() async throws {
        let session = try Runs.session { $0.input("x", .float32, ["n", 4]).reflected(behind: 3) }
        let result = try await Runs.run(session, [2, 4], [1, 2, 3, 4, 5, 6, 7, 8])
        #expect(result?.shape == [2, 7])
        #expect(result?.values == [1, 2, 3, 4, 3, 2, 1, 5, 6, 7, 8, 7, 6, 5])
    }

    @Test func theSquareRootIsThat() async throws {
        let session = try Runs.session { $0.input("x", .float32, [3]).squareRoot() }
        #expect(try await Runs.run(session, [3], [0, 4, 2.25])?.values == [0, 2, 1.5])
    }

    private static let (inputs, width, batch) = (3, 4, 2)
    private static let cell: [(name: String, shape: [Int], values: [Float])] = [
        ("cell.weight_ih", [4 * width, inputs], numbers(4 * width * inputs, seed: 4)),
        ("cell.weight_hh", [4 * width, width], numbers(4 * width * width, seed: 5)),
        ("cell.bias_ih", [4 * width], numbers(4 * width, seed: 6)),
        ("cell.bias_hh", [4 * width], numbers(4 * width, seed: 7)),
    ]

    /// PyTorch's `LSTMCell`, step by step, in double precision.
    private static func remembered(
        _ x: [Float],
        steps: Int
    ) -> (given: [Double], hidden: [Double], memory: [Double]) {
        let weights = cell.map { $0.values.map(Double.init) }
        let sigmoid = { (x: Double) in 1 / (1 + exp(-x)) }
        var hidden = [Double](repeating: 0, count: batch * width)
        var memory = hidden
        var given: [Double] = []
        for step in 0..<steps {
            let before = hidden
            for row in 0..<batch {
                for unit in 0..<width {
                    let gates = (0..<4).map { gate in
                        let output = gate * width + unit
                        var sum = weights[2][output] + weights[3][output]
                        for input in 0..<inputs {
                            sum +=
                                weights[0][output * inputs + input]
                                * Double(x[(step * batch + row) * inputs + input])
                        }
                        for other in 0..<width {
                            sum += weights[1][output * width + other] * before[row * width + other]
                        }
                        return sum
                    }
                    let index = row * width + unit
                    memory[index] =
                        sigmoid(gates[1]) * memory[index] + sigmoid(gates[0]) * tanh(gates[2])
                    hidden[index] = sigmoid(gates[3]) * tanh(memory[index])
                }
            }
            given += hidden
        }
        return (given, hidden, memory)
    }

    /// In one run, and in two, the second of which goes on from the first.
    @Test func aMemoryIsPyTorchsAndGoesOn() async throws {
        let weights = Self.cell.reduce(WrittenWeights()) { $0.adding($1.name, $1.shape, $1.values) }
        let builder = GraphBuilder(Parameters(weights))
        let state: Shape = [1, .fixed(Self.batch), .fixed(Self.width)]
        let result = LSTMCell(builder.root.cell, Self.inputs, Self.width)(
            builder.input("x", .float32, ["steps", .fixed(Self.batch), .fixed(Self.inputs)]),
            hidden: builder.input("h", .float32, state),
            cell: builder.input("c", .float32, state)
        )
        builder.output("y", result.steps)
        builder.output("h_after", result.hidden)
        builder.output("c_after", result.cell)
        let session = try Session(
            try builder.finish(),
            library: TestTools.library(),
            settings: SessionSettings(threads: 1)
        )
        let steps = 7
        let row = Self.batch * Self.inputs
        let x = Self.numbers(steps * row, seed: 8)
        let expected = Self.remembered(x, steps: steps)
        let zeros = [Float](repeating: 0, count: Self.batch * Self.width)
        for parts in [[0..<steps], [0..<3, 3..<steps]] {
            var (given, hidden, memory): ([Float], [Float], [Float]) = ([], zeros, zeros)
            for part in parts {
                let shape = [1, Self.batch, Self.width]
                let values = Array(x[part.lowerBound * row..<part.upperBound * row])
                let outputs = try await session.run(
                    [
                        "x": try Runs.tensor(
                            [part.count, Self.batch, Self.inputs],
                            values,
                            for: session
                        ),
                        "h": try Runs.tensor(shape, hidden, for: session),
                        "c": try Runs.tensor(shape, memory, for: session),
                    ],
                    outputs: ["y": .host, "h_after": .host, "c_after": .host]
                )
                #expect(outputs["y"]?.shape == [part.count, Self.batch, Self.width])
                given += try #require(outputs["y"]).withFloats { Array($0) }
                hidden = try #require(outputs["h_after"]).withFloats { Array($0) }
                memory = try #require(outputs["c_after"]).withFloats { Array($0) }
            }
            try Self.expect(given, expected.given)
            try Self.expect(hidden, expected.hidden)
            try Self.expect(memory, expected.memory)
        }
    }
}
