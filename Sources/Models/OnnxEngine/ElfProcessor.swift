import SystemPackage

/// The processor that an ELF file is made for. The dynamic linker passes over libraries for
/// another one, and then says that there is no such file.
enum ElfProcessor {
    /// Whether a library is made for another processor than this program.
    static func isForeign(_ library: FilePath) -> Bool {
        guard let theirs = header(of: library), let ours = header(of: "/proc/self/exe") else {
            return false
        }
        return theirs != ours
    }

    /// Word size and byte order (`EI_CLASS`, `EI_DATA`) and the processor (`e_machine`); nil for
    /// a file that is not ELF.
    private static func header(of path: FilePath) -> [UInt8]? {
        guard let file = try? FileDescriptor.open(path, .readOnly) else { return nil }
        defer { try? file.close() }
        var bytes = [UInt8](repeating: 0, count: 20)
        let count = try? bytes.withUnsafeMutableBytes { try file.read(into: $0) }
        guard count == bytes.count, bytes.starts(with: [0x7f, 0x45, 0x4c, 0x46]) else { return nil }
        return [bytes[4], bytes[5], bytes[18], bytes[19]]
    }
}
