import Diagnostics
import Files
import Glibc
import SystemPackage

/// The weights of a checkpoint's folder: `model.safetensors`, or `model.safetensors.index.json` and
/// the files that it names. The tensors are the files' pages, not copies.
package final class CheckpointWeights: WeightSource {
    /// The name of the file of a checkpoint that has only one.
    package static let fileName = "model.safetensors"

    /// The path of the folder or file.
    package let name: String
    /// The names of all tensors, sorted.
    package let keys: [String]
    private let tensors: [String: StoredTensor]

    /// Opens a checkpoint and checks everything but the numbers.
    ///
    /// - Parameter folder: the checkpoint's folder.
    /// - Throws: `EightCutError` that names the file, and the key if there is one: `inputMissing`
    ///   when a file is missing or cannot be read, `inputUnusable` when one is damaged, or when the
    ///   index does not match the files.
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

    /// Opens one safetensors file of any name.
    ///
    /// - Throws: as for a checkpoint.
    package init(file: FilePath) throws {
        name = file.string
        tensors = try Self.tensors(in: file)
        keys = tensors.keys.sorted()
    }

    package func tensor(_ key: String) -> StoredTensor? { tensors[key] }

    /// Returns the memory of the files' pages to the system, for callers that have copied the
    /// numbers, as the engine does with matrices. Later access reads the files again.
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
        let bytes = try WeightIndex.read(path)
        guard let index = WeightIndex(bytes) else {
            throw unusableWeights(path, "it is not a valid index")
        }
        var tensors: [String: StoredTensor] = [:]
        var places: [String: String] = [:]
        for name in index.files {
            let file = try WeightsFile.open(folder.appending(name))
            guard tensors.count + file.header.entries.count <= WeightsHeader.tensorLimit else {
                throw unusableWeights(
                    folder,
                    "it has more than \(WeightsHeader.tensorLimit) tensors"
                )
            }
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

/// The index of a checkpoint with several files: which tensor is in which file.
package struct WeightIndex: Sendable {
    package static let fileName = "model.safetensors.index.json"
    /// More bytes than any index has.
    package static let limit = 4 << 20
    /// More files than any checkpoint has.
    private static let fileLimit = 64

    /// The file of every tensor, by the tensor's name.
    let places: [String: String]
    /// The files, sorted. They are plain names, so no path leaves the checkpoint's folder.
    package let files: [String]

    /// The bytes of an index or a list of weights.
    ///
    /// - Throws: `EightCutError` with code `inputMissing`.
    static func read(_ path: FilePath) throws -> [UInt8] {
        do {
            return try SmallFile.read(path, limit: limit)
        } catch let error as Errno {
            throw unusableWeights(path, "\(error)", code: .inputMissing)
        }
    }

    /// Reads an index; nil if it is invalid.
    package init?(_ json: [UInt8]) {
        guard let members = (try? LocatedJSON(parsing: json))?["weight_map"]?.members else {
            return nil
        }
        var places: [String: String] = [:]
        for member in members {
            guard let file = member.value.string else { return nil }
            places[member.name] = file
        }
        self.places = places
        files = Set(places.values).sorted()
        guard (1...Self.fileLimit).contains(files.count),
            files.allSatisfy({ PlainName.allows($0) && $0.hasSuffix(exactly: ".safetensors") })
        else { return nil }
    }
}
