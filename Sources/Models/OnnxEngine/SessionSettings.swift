import COnnxRuntime
import Diagnostics
import Processes
import SystemPackage

/// How a graph is to be run.
package struct SessionSettings: Sendable {
    package var device: Device
    /// Threads that share an operator's work on the CPU.
    package var threads: Int
    /// Whether operators that the device lacks may run on the CPU, with a warning.
    package var allowsCPUFallback: Bool
    /// How many bytes of weights a graph may read from a checkpoint for the library to hold its
    /// matrices a second time, in the order in which it multiplies them on the CPU. Beyond that, they are
    /// read in the mapped file and laid out anew for each product, which takes half of the memory and
    /// about 5 % more time.
    package var mostPackedBytes = 512 << 20
    /// Receives warnings for the user.
    package var warn: @Sendable (String) -> Void

    package init(
        device: Device = .cpu,
        threads: Int,
        allowsCPUFallback: Bool = false,
        warn: @escaping @Sendable (String) -> Void = { _ in }
    ) {
        self.device = device
        self.threads = threads
        self.allowsCPUFallback = allowsCPUFallback
        self.warn = warn
    }
}

/// The library's own form of `SessionSettings`.
struct SessionOptions {
    let handle: Handle

    /// - Parameters:
    ///   - settings: the settings.
    ///   - isStrict: whether a graph is refused when the device lacks one of its operators.
    ///   - weightBytes: how many bytes of weights the graph reads from a checkpoint.
    ///   - library: whose form they get.
    /// - Throws: `EightCutError` of code `toolFailed`, above all when there is no such device.
    init(
        _ settings: SessionSettings,
        isStrict: Bool,
        weightBytes: Int,
        library: RuntimeLibrary
    ) throws {
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
        let isPacked = settings.device != .cpu || weightBytes <= settings.mostPackedBytes
        for (key, value) in Self.entries(isStrict: isStrict, isPacked: isPacked) {
            try library.check(ort_add_session_config_entry(api, options, key, value), what)
        }
        if case .cuda(let number) = settings.device {
            try CudaProvider.add(to: handle, number: number, library: library)
        }
    }

    private static func entries(isStrict: Bool, isPacked: Bool) -> [(String, String)] {
        var entries = [
            // Between runs the threads sleep: ffmpeg and the writing of masks need the cores.
            ("session.force_spinning_stop", "1"),
            ("session.use_env_allocators", "1"),
        ]
        if !CPUFeatures.current.hasExactByteProducts {
            // The library's fast products of 8-bit numbers may saturate: slower, but exact.
            entries.append(("session.x64quantprecision", "1"))
        }
        if !isPacked {
            entries.append(("session.disable_prepacking", "1"))
        }
        if isStrict {
            entries.append(("session.disable_cpu_ep_fallback", "1"))
        }
        return entries
    }
}

/// The CPU architecture that an ELF file is made for. The dynamic linker passes over libraries for
/// another one, and then says that there is no such file.
enum ElfArchitecture {
    /// Whether a library is made for another architecture than this program.
    static func isForeign(_ library: FilePath) -> Bool {
        guard let theirs = header(of: library), let ours = header(of: "/proc/self/exe") else {
            return false
        }
        return theirs != ours
    }

    /// Word size and byte order (`EI_CLASS`, `EI_DATA`) and the architecture (`e_machine`); nil for
    /// a file that is not ELF.
    private static func header(of path: FilePath) -> [UInt8]? {
        // A pipe would be waited for otherwise.
        guard let file = try? FileDescriptor.open(path, .readOnly, options: .nonBlocking) else {
            return nil
        }
        defer { try? file.close() }
        var bytes = [UInt8](repeating: 0, count: 20)
        let count = try? bytes.withUnsafeMutableBytes { try file.read(into: $0) }
        guard count == bytes.count, bytes.starts(with: [0x7f, 0x45, 0x4c, 0x46]) else { return nil }
        return [bytes[4], bytes[5], bytes[18], bytes[19]]
    }
}
