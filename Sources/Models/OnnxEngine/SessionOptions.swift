import COnnxRuntime
import Diagnostics

/// The library's own form of `SessionSettings`.
struct SessionOptions {
    let handle: Handle

    /// - Parameters:
    ///   - settings: the settings.
    ///   - isStrict: whether a graph is refused when the device lacks one of its operators.
    ///   - library: whose form they get.
    /// - Throws: `EightCutError` of code `toolFailed`, above all when there is no such device.
    init(_ settings: SessionSettings, isStrict: Bool, library: RuntimeLibrary) throws {
        let api = library.api
        let what = "cannot set up a session"
        let handle = try library.make(
            "session options",
            release: { ort_release_session_options($0, $1) }
        ) { ort_create_session_options(api, $0) }
        self.handle = handle
        let options = handle.pointer
        try library.check(
            ort_set_session_graph_optimization_level(api, options, Int32(ORT_OPTIMIZE_ALL)),
            what
        )
        // A plan of all memory, made in the first run, would come on top of what that has taken.
        try library.check(ort_disable_mem_pattern(api, options), what)
        try library.check(
            ort_set_intra_op_num_threads(api, options, Int32(settings.threads)),
            what
        )
        for (key, value) in Self.entries(isStrict: isStrict) {
            try library.check(ort_add_session_config_entry(api, options, key, value), what)
        }
        if case .cuda(let number) = settings.device {
            try CudaProvider.add(to: handle, number: number, library: library)
        }
    }

    private static func entries(isStrict: Bool) -> [(String, String)] {
        var entries = [
            // Between runs the threads sleep: ffmpeg and the writing of masks need the cores.
            ("session.force_spinning_stop", "1"),
            ("session.use_env_allocators", "1"),
        ]
        if !ProcessorFeatures.hasExactByteProducts {
            // Slower, but nothing overflows.
            entries.append(("session.x64quantprecision", "1"))
        }
        if isStrict {
            entries.append(("session.disable_cpu_ep_fallback", "1"))
        }
        return entries
    }
}
