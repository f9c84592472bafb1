import Diagnostics
import NeuralGraph
import TestSupport
import Testing

/// What sums and products are stretched to.
@Suite struct BroadcastTests {
    @Test(
        arguments: [
            ([2, 3], [2, 3], [2, 3]), ([2, 3], [3], [2, 3]), ([1, 3], [2, 1], [2, 3]),
            ([4, 1, 3], [2, 1], [4, 2, 3]), ([], [5], [5]), ([1], [1], [1]),
            (["n", 3], [3], ["n", 3]), (["n", 1], ["n", 4], ["n", 4]), ([1], ["n"], ["n"]),
            (["n", "m"], ["m"], ["n", "m"]),
        ] as [(Shape, Shape, Shape)]
    )
    func axesOfOneAreStretched(left: Shape, right: Shape, result: Shape) throws {
        for (left, right) in [(left, right), (right, left)] {
            let builder = GraphBuilder(Parameters(WrittenWeights()))
            let sum = builder.input("a", .float32, left) + builder.input("b", .float32, right)
            builder.output("sum", sum)
            #expect(try builder.finish().outputs.map(\.shape) == [result])
        }
    }

    @Test(
        arguments: [
            ([2, 3], [2, 4]), ([2, 3], [2]), (["n"], ["m"]), (["n", 3], [2, 3]),
        ] as [(Shape, Shape)]
    )
    func otherAxesDoNotFit(left: Shape, right: Shape) throws {
        let builder = GraphBuilder(Parameters(WrittenWeights()))
        let product = builder.input("a", .float32, left) * builder.input("b", .float32, right)
        builder.output("product", product)
        let error = #expect(throws: EightCutError.self) { try builder.finish() }
        #expect(error?.why == "Mul of \(left) from a and \(right) from b does not fit")
    }

    @Test func typesMustBeEqual() throws {
        let builder = GraphBuilder(Parameters(WrittenWeights()))
        builder.output("x", builder.input("a", .float32, [2]) + builder.constant([1, 2] as [Int]))
        let error = #expect(throws: EightCutError.self) { try builder.finish() }
        #expect(error?.why.hasPrefix("Add of [2] from a") == true)
    }
}
