import Diagnostics
import Files
import Glibc
import SystemPackage

/// The weights of a checkpoint's folder: `model.safetensors`, or `model.safetensors.index.json`
/// and the files that it names. Nothing is copied: the tensors are the files' pages.
///
/// The files must not become shorter while this lives (the system would end the program).
package final class CheckpointWeights: WeightSource {
    /// The name of the file, when the weights are in one.
    package static let fileName = "model.safetensors"

    /// The folder.
    package let name: String
    /// The names of all tensors, sorted.
    package let keys: [String]
    private let tensors: [String: StoredTensor]

    /// Opens a checkpoint and checks everything but the numbers themselves.
    ///
    /// - Parameter folder: the checkpoint's folder.
    /// - Throws: `EightCutError` that names the file, and the key where it is about one:
    ///   `inputMissing` when a file is missing or cannot be read, `inputUnusable` when one is
    ///   damaged, or when the index does not fit the files.
    package init(_ folder: FilePath) throws {
        name = folder.string
        let single = folder.appending(Self.fileName)
        if try Self.isThere(single) {
            tensors = try Self.tensors(in: single)
        } else {
            tensors = try Self.shards(in: folder)
        }
        keys = tensors.keys.sorted()
    }

    /// Opens one file of tensors, whatever its name.
    ///
    /// - Throws: as for a checkpoint.
    package init(file: FilePath) throws {
        name = file.string
        tensors = try Self.tensors(in: file)
        keys = tensors.keys.sorted()
    }

    /// One tensor; nil when there is none of that name.
    package func tensor(_ key: String) -> StoredTensor? { tensors[key] }

    /// Gives the memory of what was read back to the system. Whoever has copied the numbers, as an
    /// engine does with the matrices that it multiplies by, does not need the files' pages any
    /// more; what is touched again is read again.
    package func releasePages() {
        let page = Int(getpagesize())
        for tensor in tensors.values {
            guard let bytes = tensor.bytes, let start = bytes.baseAddress else { continue }
            let first = (Int(bitPattern: start) + page - 1) / page * page
            let length = (Int(bitPattern: start) + bytes.count - first) / page * page
            guard length > 0 else { continue }
            madvise(UnsafeMutableRawPointer(bitPattern: first), length, MADV_DONTNEED)
        }
    }

    private static func isThere(_ path: FilePath) throws -> Bool {
        do {
            return try Folder.kind(of: path) != .missing
        } catch {
            throw unusableWeights(path, "\(error)", code: .inputMissing)
        }
    }

    private static func tensors(in path: FilePath) throws -> [String: StoredTensor] {
        let file = try WeightsFile.open(path)
        return Dictionary(
            uniqueKeysWithValues: file.header.entries.map { ($0.key, file.tensor($0)) }
        )
    }

    private static func shards(in folder: FilePath) throws -> [String: StoredTensor] {
        let path = folder.appending(WeightIndex.fileName)
        guard try isThere(path) else {
            throw unusableWeights(
                folder,
                "it has no \(fileName) and no \(WeightIndex.fileName)",
                code: .inputMissing
            )
        }
        let bytes: [UInt8]
        do {
            bytes = try SmallFile.read(path, limit: WeightIndex.limit)
        } catch let error as Errno {
            throw unusableWeights(path, "\(error)", code: .inputMissing)
        }
        guard let index = WeightIndex(bytes) else {
            throw unusableWeights(path, "it makes no sense")
        }
        var tensors: [String: StoredTensor] = [:]
        var places: [String: String] = [:]
        for name in index.files {
            let file = try WeightsFile.open(folder.appending(name))
            for entry in file.header.entries {
                if let other = places.updateValue(name, forKey: entry.key) {
                    throw unusableWeights(file.path, "\(quoted(entry.key)) is also in \(other)")
                }
                tensors[entry.key] = file.tensor(entry)
            }
        }
        for (key, name) in index.places.sorted(by: { $0.key < $1.key }) where places[key] != name {
            throw unusableWeights(
                folder.appending(name),
                "\(quoted(key)) is not in it, and \(WeightIndex.fileName) says that it is"
            )
        }
        return tensors
    }
}
