import Diagnostics
import NeuralGraph
import Weights

extension Device {
    /// Finds out whether the device works, by running the smallest graph on it.
    ///
    /// - Parameter library: what runs it.
    /// - Throws: `EightCutError` of code `toolFailed` with the library's reason when it does not;
    ///   `CancellationError`.
    package func tryOut(library: RuntimeLibrary) async throws {
        let builder = GraphBuilder(Parameters(NoWeights()))
        builder.output("y", builder.input("x", .float32, [1]).relu())
        let session = try Session(
            try builder.finish(),
            library: library,
            settings: SessionSettings(device: self, threads: 1)
        )
        let x = try Tensor(.float32, [1], library: library) {
            $0.storeBytes(of: Float(2), as: Float.self)
        }
        let y = try await session.run(["x": x], outputs: ["y": .host])["y"]
        guard try y?.withFloats({ $0.first }) == 2 else {
            throw EightCutError(
                .toolFailed,
                "cannot use the GPU",
                on: description,
                because: "it computes wrongly"
            )
        }
    }
}

private struct NoWeights: WeightSource {
    let name = "no weights"
    let keys: [String] = []
    func tensor(_ key: String) -> StoredTensor? { nil }
}
