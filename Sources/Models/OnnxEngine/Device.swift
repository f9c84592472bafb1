import COnnxRuntime
import Diagnostics
import NeuralGraph
import Weights

/// The device that a model runs on.
package enum Device: Sendable, Equatable {
    case cpu
    /// An NVIDIA GPU, by its number.
    case cuda(Int)
}

extension Device: CustomStringConvertible {
    /// `cpu`, `cuda:0`.
    package var description: String {
        switch self {
        case .cpu: "cpu"
        case .cuda(let number): "cuda:\(number)"
        }
    }
}

extension Device {
    /// Checks that the device works by running the smallest graph on it.
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

/// NVIDIA GPUs.
enum CudaProvider {
    /// Has a session run on a GPU.
    ///
    /// - Parameters:
    ///   - options: the session's options.
    ///   - number: which GPU.
    ///   - library: the library, which must have been built for CUDA.
    /// - Throws: `EightCutError` of code `toolFailed` when it was not, or CUDA does not work.
    static func add(to options: Handle, number: Int, library: RuntimeLibrary) throws {
        let what = "cannot use the GPU"
        guard library.providers.contains("CUDAExecutionProvider") else {
            throw EightCutError(
                .toolFailed,
                what,
                on: library.path.string,
                because: "this ONNX Runtime was built without CUDA",
                remedy: "Install the build for GPUs: 8cut tools install --gpu"
            )
        }
        CudaLibraries.preload(besides: library.path)
        let provider = try library.make(
            "options for CUDA",
            release: { ort_release_cudaprovider_options($0, $1) }
        ) { ort_create_cudaprovider_options(library.api, $0) }
        // Weights and results are of fixed sizes, so nothing is gained by rounding them up.
        let settings = [
            ("device_id", "\(number)"), ("arena_extend_strategy", "kSameAsRequested"),
            ("cudnn_conv_algo_search", "HEURISTIC"), ("use_tf32", "0"),
        ]
        try withCStrings(settings.map(\.0)) { keys in
            try withCStrings(settings.map(\.1)) { values in
                try library.check(
                    ort_update_cudaprovider_options(
                        library.api,
                        provider.pointer,
                        keys,
                        values,
                        settings.count
                    ),
                    what
                )
            }
        }
        try library.check(
            ort_session_options_append_cuda(library.api, options.pointer, provider.pointer),
            what
        )
    }
}
