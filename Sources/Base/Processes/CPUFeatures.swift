import Diagnostics
import Files

/// What the CPU can do that matters to inference. ONNX Runtime chooses its kernels by itself; this is
/// for what it leaves to its callers, and for people.
package struct CPUFeatures: Sendable, Equatable {
    /// The CPU's name, where it has one.
    package let model: String?
    private let words: Set<String>
    private let isX86: Bool

    /// Those of this machine.
    package static let current = CPUFeatures(
        cpuinfo: (try? SmallFile.read("/proc/cpuinfo", limit: 1 << 22)).map {
            String(decoding: $0, as: UTF8.self)
        } ?? ""
    )

    /// - Parameter text: what /proc/cpuinfo holds. Its first CPU stands for all of them.
    package init(cpuinfo text: String) {
        var fields: [String: String] = [:]
        for line in text.split(exactly: "\n") {
            guard let (name, value) = line.divided(atFirst: ":") else { continue }
            let key = String(name.trimmed)
            if fields[key] == nil { fields[key] = String(value.trimmed) }
            if fields.keys.contains("flags") || fields.keys.contains("Features") { break }
        }
        model = fields["model name"]
        isX86 = fields["flags"] != nil
        let flags = fields["flags"] ?? fields["Features"] ?? ""
        words = Set(flags.split(exactly: " ").map(String.init))
    }

    /// Whether it multiplies 8-bit numbers and adds the products without an overflow in between, as
    /// VNNI does, and AMX, which no CPU has without VNNI. An x86 CPU without it adds two products in
    /// 16 bits, which may saturate; ARM never does.
    package var hasExactByteProducts: Bool {
        !isX86 || words.contains("avx512_vnni") || words.contains("avx_vnni")
    }

    /// Whether it has vectors of 512 bits.
    package var hasAVX512: Bool { words.contains("avx512f") }

    /// The instructions that ONNX Runtime has kernels for, as their makers call them.
    package var names: [String] {
        Self.known.filter { words.contains($0.flag) }.map(\.name)
    }

    /// By their words in /proc/cpuinfo.
    private static let known: [(flag: String, name: String)] = [
        ("avx2", "AVX2"), ("avx512f", "AVX-512"), ("avx_vnni", "AVX-VNNI"),
        ("avx512_vnni", "AVX-512 VNNI"), ("amx_int8", "AMX-INT8"), ("amx_bf16", "AMX-BF16"),
        ("asimddp", "DotProd"), ("i8mm", "I8MM"), ("sve", "SVE"),
    ]
}
