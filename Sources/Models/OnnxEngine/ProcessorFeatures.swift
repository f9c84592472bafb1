import Files

/// What the processor can do.
enum ProcessorFeatures {
    /// Whether it multiplies 8-bit numbers and adds the products without an overflow in between
    /// (Intel's VNNI). Without that, the library's fast products of 8-bit numbers may saturate.
    static let hasExactByteProducts: Bool = {
        guard let bytes = try? SmallFile.read("/proc/cpuinfo", limit: 1 << 22) else { return false }
        let text = String(decoding: bytes, as: UTF8.self)
        let flags = text.split(separator: "\n").first { $0.hasPrefix("flags") }
        let words = flags?.split(separator: " ") ?? []
        return words.contains("avx512_vnni") || words.contains("avx_vnni")
    }()
}
