import COnnxRuntime
import Diagnostics

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
