import Diagnostics
import Glibc
import NeuralGraph
import OnnxEngine
import TestSupport
import Testing
import Weights

/// Attention in chunks of queries is attention.
@Suite struct AttentionTests {
    private static let (targets, sources, width, values) = (7, 5, 4, 3)

    /// Rows that divide the queries, that do not, and more than there are.
    @Test(arguments: [1, 3, 7, 100])
    func chunksGiveWhatTheFormulaGives(rows: Int) async throws {
        let session = try Runs.session(Self.weights) { builder in
            .attention(
                queries: builder.input("x", .float32, [.fixed(Self.targets), .fixed(Self.width)]),
                keys: builder.root.weight("keys", [Self.sources, Self.width]),
                values: builder.root.weight("values", [Self.sources, Self.values]),
                scale: 0.7,
                inChunksOf: rows
            )
        }
        let result = try await Runs.run(session, [Self.targets, Self.width], Self.queries)
        #expect(result?.shape == [Self.targets, Self.values])
        let errors = zip(try #require(result).values, Self.expected).map { abs($0 - $1) }
        #expect(errors.count == Self.expected.count && errors.allSatisfy { $0 < 1e-6 })
    }

    @Test func keysOfAnotherWidthAreAnError() {
        let builder = GraphBuilder(Parameters(Self.weights))
        let queries = builder.input("x", .float32, [7, 3])
        let (keys, values) = (
            builder.root.weight("keys", [5, 4]), builder.root.weight("values", [5, 3])
        )
        let parts = Value.attention(
            queries: queries,
            keys: keys,
            values: values,
            scale: 1,
            inChunksOf: 2
        )
        builder.output("y", parts)
        #expect(throws: EightCutError.self) { try builder.finish() }
    }

    private static let queries = numbers(targets * width, seed: 3)
    private static let keys = numbers(sources * width, seed: 5)
    private static let parts = numbers(sources * values, seed: 7)
    private static let weights = WrittenWeights()
        .adding("keys", [sources, width], keys)
        .adding("values", [sources, values], parts)

    /// Numbers between -2 and 2 without a pattern.
    private static func numbers(_ count: Int, seed: Int) -> [Float] {
        (0..<count).map { Float(($0 * 37 + seed * 11) % 41) / 10 - 2 }
    }

    /// softmax(Q Kᵀ · 0.7) V, in double precision.
    private static let expected: [Float] = (0..<targets).flatMap { target in
        let weights = (0..<sources).map { source in
            let products = (0..<width).map {
                Double(queries[target * width + $0] * keys[source * width + $0])
            }
            return exp(products.reduce(0, +) * 0.7)
        }
        let sum = weights.reduce(0, +)
        return (0..<values).map { column in
            let weighted = (0..<sources).map { weights[$0] * Double(parts[$0 * values + column]) }
            return Float(weighted.reduce(0, +) / sum)
        }
    }
}
