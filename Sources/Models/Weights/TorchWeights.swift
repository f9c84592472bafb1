import Diagnostics
import SystemPackage

/// The weights in a checkpoint of PyTorch, a state dictionary as `torch.save` writes it. Its pickle is
/// read by `PickledTensors`, which knows nothing but tensors and runs nothing.
package final class TorchWeights: WeightSource {
    /// The path of the file.
    package let name: String
    /// The names of all tensors, sorted.
    package let keys: [String]
    private let tensors: [String: StoredTensor]

    /// Opens a checkpoint.
    ///
    /// - Parameter file: the file.
    /// - Throws: `EightCutError` that names the file: `inputMissing` when it cannot be read,
    ///   `inputUnusable` when it is not in the format, or holds anything but tensors.
    package init(file: FilePath) throws {
        name = file.string
        tensors = try TensorFile(file) { try TorchHeader($0).entries }.tensors
        keys = tensors.keys.sorted()
    }

    package func tensor(_ key: String) -> StoredTensor? { tensors[key] }

    /// What is wrong with a file, as the rest of a sentence about it; nil if it is valid.
    package static func problem(_ file: FilePath) -> String? {
        TensorFile.problem(file) { try TorchHeader($0).entries }
    }
}

/// Where the tensors of a checkpoint of PyTorch are in its file: an archive with a pickle,
/// `NAME/data.pkl`, and a member for each storage, `NAME/data/KEY`.
/// (https://github.com/pytorch/pytorch: `torch/serialization.py`.)
struct TorchHeader {
    /// All tensors, in the order of the pickle.
    private(set) var entries: [TensorFile.Entry] = []

    private let archive: StoredArchive
    private let folder: String

    /// Reads a checkpoint.
    ///
    /// - Parameter file: the whole file.
    /// - Throws: `TorchError`.
    init(_ file: UnsafeRawBufferPointer) throws(TorchError) {
        archive = try StoredArchive(file)
        let pickle = "/data.pkl"
        let names = archive.members.keys.filter { $0.hasSuffix(exactly: pickle) }
        guard names.count == 1, let name = names.first, let range = archive.members[name] else {
            throw TorchError("it has \(names.count) pickles")
        }
        folder = String(name.utf8.dropLast(pickle.utf8.count)) ?? ""
        guard range.count <= WeightsHeader.lengthLimit else {
            throw TorchError("its pickle has more than \(WeightsHeader.lengthLimit) bytes")
        }
        if let order = archive.members[folder + "/byteorder"],
            !file[order].elementsEqual("little".utf8)
        {
            throw TorchError("its numbers are not little endian")
        }
        var sum = 0
        for tensor in try PickledTensors(UnsafeRawBufferPointer(rebasing: file[range])).tensors {
            let entry = try entry(tensor)
            // Each is copied.
            sum += entry.range.count
            guard sum <= file.count else { throw TorchError("many tensors share their numbers") }
            entries.append(entry)
        }
    }

    private func entry(_ tensor: PickledTensors.Tensor) throws(TorchError) -> TensorFile.Entry {
        let name = quoted(tensor.key)
        let storage = tensor.storage
        guard let range = archive.members["\(folder)/data/\(storage.key)"] else {
            throw TorchError("the numbers of \(name) are missing")
        }
        let width = storage.type.width
        guard storage.count == range.count / width, range.count % width == 0 else {
            throw TorchError("\(name) has \(range.count) bytes, not \(storage.count) numbers")
        }
        var count = 1
        for (side, stride) in zip(tensor.shape, tensor.strides).reversed() {
            guard side >= 0, side <= 1 || stride == count else {
                throw TorchError("\(name) does not lie row by row")
            }
            let (product, overflows) = count.multipliedReportingOverflow(by: side)
            guard !overflows else { throw TorchError("\(name) has the shape \(tensor.shape)") }
            count = product
        }
        guard tensor.offset >= 0, tensor.offset <= storage.count,
            count <= storage.count - tensor.offset
        else { throw TorchError("\(name) is longer than its numbers") }
        let start = range.lowerBound + tensor.offset * width
        return TensorFile.Entry(
            key: tensor.key,
            type: storage.type,
            shape: tensor.shape,
            range: start..<start + count * width
        )
    }
}
