import FoundationEssentials
import Glibc
import SystemPackage

/// Looks at a file of weights from outside: whether it has the size that its own header speaks of.
/// (The format: https://github.com/huggingface/safetensors, eight bytes with the header's length,
/// the header in JSON, the numbers.)
package enum WeightsFile {
    /// What is wrong with the file; nil when nothing is.
    package static func problem(_ path: FilePath) -> String? {
        guard let size = RepositoryCache.size(of: path) else { return "is missing" }
        guard let header = header(of: path, size: size) else { return "is not a safetensors file" }
        let entries = try? JSONDecoder().decode([String: Entry].self, from: Data(header))
        guard let entries else { return "is not a safetensors file" }
        let end = entries.values.compactMap { $0.data_offsets?.last }.max() ?? 0
        guard (0...HubFile.largest).contains(end) else { return "is not a safetensors file" }
        return size == 8 + header.count + end ? nil : "is not complete"
    }

    private struct Entry: Decodable {
        // The key's name in the format.
        // swift-format-ignore: AlwaysUseLowerCamelCase
        let data_offsets: [Int]?
    }

    private static func header(of path: FilePath, size: Int) -> [UInt8]? {
        guard size >= 8, let file = try? FileDescriptor.open(path, .readOnly) else { return nil }
        defer { try? file.close() }
        guard let start = read(file, from: 0, count: 8) else { return nil }
        let length = start.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        guard length <= 100_000_000, Int(length) <= size - 8 else { return nil }
        return read(file, from: 8, count: Int(length))
    }

    private static func read(_ file: FileDescriptor, from offset: Int64, count: Int) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: count)
        let got = bytes.withUnsafeMutableBytes { buffer in
            try? file.read(fromAbsoluteOffset: offset, into: buffer)
        }
        return got == count ? bytes : nil
    }
}
