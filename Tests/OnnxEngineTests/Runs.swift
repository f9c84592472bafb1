import Diagnostics
import NeuralGraph
import OnnxEngine
import TestSupport
import Weights

/// Small graphs, and one run of them.
enum Runs {
    /// A session of a graph that `build` writes down; what it returns comes out as `y`.
    static func session(
        _ weights: WrittenWeights = WrittenWeights(),
        precision: Precision = .float32,
        _ build: (GraphBuilder) -> Value
    ) throws -> Session {
        let builder = GraphBuilder(Parameters(weights), precision: precision)
        builder.output("y", build(builder))
        return try Session(
            try builder.finish(),
            library: TestTools.library(),
            settings: SessionSettings(threads: 1)
        )
    }

    /// A tensor of floats.
    static func tensor(_ shape: [Int], _ values: [Float], for session: Session) throws -> Tensor {
        try Tensor(.float32, shape, library: session.library) { bytes in
            values.withUnsafeBytes { bytes.copyMemory(from: $0) }
        }
    }

    /// Runs a session with the input `x`, and gives the floats of `y` and its axes.
    static func run(
        _ session: Session,
        _ shape: [Int],
        _ values: [Float]
    ) async throws -> (shape: [Int], values: [Float])? {
        let x = try tensor(shape, values, for: session)
        let y = try await session.run(["x": x], outputs: ["y": .host])["y"]
        return try y.map { y in (y.shape, try y.withFloats { Array($0) }) }
    }
}
