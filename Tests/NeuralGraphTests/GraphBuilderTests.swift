import Diagnostics
import NeuralGraph
import TestSupport
import Testing

/// What is written down while a model's code runs.
@Suite struct GraphBuilderTests {
    private static let weights = WrittenWeights()
        .adding("a.weight", [2, 2], [1, 2, 3, 4] as [Float])
        .adding("a.bias", [2], [5, 6] as [Float])
        .adding("b.weight", [2], [0.5, -1.5] as [Float16], .float16)
        .adding("c.weight", [2], [0x3fc0, 0xc040] as [UInt16], .bfloat16)

    @Test func literalsThatAreEqualAreOne() throws {
        let builder = GraphBuilder(Parameters(Self.weights))
        let x = builder.input("x", .float32, [2])
        let a = builder.constant([1, 2] as [Float], shape: [2])
        let b = builder.constant([1, 2] as [Float], shape: [2])
        let row = builder.constant([1, 2] as [Float], shape: [1, 2])
        let whole = builder.constant([1, 2] as [Int])
        #expect(a.name == b.name && Set([a, row, whole].map(\.name)).count == 3)
        builder.output("y", x + a + b)
        #expect(try builder.finish().initializers.count == 3)
    }

    @Test func aWeightThatIsUsedTwiceIsWrittenDownOnce() throws {
        let builder = GraphBuilder(Parameters(Self.weights))
        let x = builder.input("x", .float32, [2])
        builder.output(
            "y",
            x + builder.root.a.weight("bias", [2]) * builder.root.a.weight("bias", [2])
        )
        let graph = try builder.finish()
        #expect(graph.initializers.map(\.name) == ["a.bias"])
        #expect(graph.nodes.map(\.op) == ["Mul", "Add", "Identity"])
        #expect(graph.inputs.map(\.name) == ["x"] && graph.outputs.map(\.name) == ["y"])
    }

    @Test func aNodeBearsTheModuleThatItsWeightBelongsTo() throws {
        let builder = GraphBuilder(Parameters(Self.weights))
        let x = builder.input("x", .float32, ["n", 2])
        let y = x.multiplied(
            byRowsOf: builder.root.a.weight("weight", [2, 2]),
            adding: builder.root.a.weight("bias", [2])
        )
        builder.output("y", y.relu())
        let graph = try builder.finish()
        #expect(graph.nodes.map(\.name) == ["a/Gemm_0", "a/Relu_1", "output/y"])
        #expect(graph.nodes[0].inputs == ["x", "a.weight", "a.bias"])
        #expect(graph.outputs.map(\.shape) == [["n", 2]])
    }

    @Test func tensorsThatAreLeftOverAreNamedUnlessThereIsAReason() throws {
        let parameters = Parameters(Self.weights)
        let builder = GraphBuilder(parameters)
        _ = builder.root.a.weight("weight", [2, 2])
        let all = #expect(throws: EightCutError.self) { try parameters.checkAllUsed() }
        #expect(all?.why.hasSuffix("does not belong to the model: a.bias and 2 more") == true)
        let reasons = ["a.bias": "serves training only", "b.weight": "so does this"]
        let one = #expect(throws: EightCutError.self) {
            try parameters.checkAllUsed(ignoring: reasons)
        }
        #expect(one?.why.hasSuffix("does not belong to the model: c.weight") == true)
        // A second graph that shares the tensors uses the rest.
        _ = GraphBuilder(parameters).root.c.weight("weight", [2])
        try parameters.checkAllUsed(ignoring: reasons)
    }

    @Test(arguments: [("a.bias", [5, 6]), ("b.weight", [0.5, -1.5]), ("c.weight", [1.5, -3])])
    func weightsOfAllTypesBecomeThePrecisionOfTheModel(key: String, values: [Float]) throws {
        for precision in Precision.allCases {
            let builder = GraphBuilder(Parameters(Self.weights), precision: precision)
            let value = builder.root.weight(key, [2])
            #expect(value.type == precision.type)
            let bytes = try #require(try builder.finish().initializers.first).makeBytes()
            let isHalf = precision == .float16
            let expected =
                isHalf
                ? values.map { Float16($0) }.withUnsafeBytes { [UInt8]($0) }
                : values.withUnsafeBytes { [UInt8]($0) }
            #expect(bytes == expected)
        }
    }

    /// Only weights that need no conversion are used in place.
    @Test func onlyWeightsThatNeedNoConversionStayWhereTheyAre() throws {
        let inPlace = { (precision: Precision) in
            let builder = GraphBuilder(Parameters(Self.weights), precision: precision)
            for key in ["a.bias", "b.weight", "c.weight"] { _ = builder.root.weight(key, [2]) }
            return try builder.finish().initializers.map { $0.bytesInPlace != nil }
        }
        #expect(try inPlace(.float32) == [true, false, false])
        #expect(try inPlace(.float16) == [false, true, false])
    }

    @Test func probesComeOutOnlyWhereTheyAreAskedFor() throws {
        for isProbed in [false, true] {
            let builder = GraphBuilder(Parameters(Self.weights), isProbed: isProbed)
            let x = builder.input("x", .float32, [2])
            builder.probe("middle", x.relu())
            builder.output("y", x)
            #expect(try builder.finish().outputs.count == (isProbed ? 2 : 1))
        }
    }

    @Test func axesCountFromTheEndTooAndMayBeMissing() {
        var shape: Shape = [2, "n", 4]
        #expect(shape[-1] == 4 && shape[-2] == "n" && shape.counts == nil)
        #expect(shape[3].count == nil && shape[-4].count == nil)
        shape[9] = 1
        shape[-2] = 3
        #expect(shape == Shape([2, 3, 4]) && shape.elementCount == 24)
        #expect("\(shape)" == "[2, 3, 4]")
    }
}
