import FoundationEssentials
import SystemPackage

/// The names and shapes of a checkpoint's tensors without numbers, to check a model against
/// checkpoints that are too large for the repository.
package struct WeightList: WeightSource {
    /// The checkpoint's name.
    package let name: String
    /// The names of all tensors, sorted.
    package let keys: [String]
    private let shapes: [String: [Int]]

    private struct Content: Decodable {
        let checkpoint: String
        let tensors: [String: [Int]]
    }

    /// Reads a list: JSON with the checkpoint's name as `checkpoint`, and in `tensors` the shape of
    /// every tensor by its name. All tensors count as F32.
    ///
    /// - Parameter path: the file.
    /// - Throws: `EightCutError`: `inputMissing` when it cannot be read, `inputUnusable` when it
    ///   is invalid.
    package init(_ path: FilePath) throws {
        let bytes = try WeightIndex.read(path)
        guard let content = try? JSONDecoder().decode(Content.self, from: Data(bytes)),
            content.tensors.values.allSatisfy({ $0.allSatisfy { $0 > 0 } })
        else { throw unusableWeights(path, "it is not a list of weights") }
        name = content.checkpoint
        shapes = content.tensors
        keys = shapes.keys.sorted()
    }

    /// The tensor of a name, without bytes.
    package func tensor(_ key: String) -> StoredTensor? {
        shapes[key].map { StoredTensor(key: key, type: .float32, shape: $0) }
    }
}
