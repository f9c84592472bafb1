import Files
import FoundationEssentials
import SystemPackage

/// The names and shapes of a checkpoint's tensors without their numbers, to check a model against
/// checkpoints that are too large to be kept at hand.
package struct WeightList: WeightSource {
    /// Which checkpoint it is.
    package let name: String
    /// The names of all tensors, sorted.
    package let keys: [String]
    private let shapes: [String: [Int]]

    private struct Content: Decodable {
        let checkpoint: String
        let tensors: [String: [Int]]
    }

    /// Reads a list: JSON with the checkpoint's name as `checkpoint`, and in `tensors` the shape
    /// of every tensor by its name. All of them count as F32.
    ///
    /// - Parameter path: the file.
    /// - Throws: `EightCutError`: `inputMissing` when it cannot be read, `inputUnusable` when it
    ///   makes no sense.
    package init(_ path: FilePath) throws {
        let bytes: [UInt8]
        do {
            bytes = try SmallFile.read(path, limit: WeightIndex.limit)
        } catch let error as Errno {
            throw unusableWeights(path, "\(error)", code: .inputMissing)
        }
        guard let content = try? JSONDecoder().decode(Content.self, from: Data(bytes)),
            content.tensors.values.allSatisfy({ $0.allSatisfy { $0 > 0 } })
        else { throw unusableWeights(path, "it is no list of weights") }
        name = content.checkpoint
        shapes = content.tensors
        keys = shapes.keys.sorted()
    }

    /// One tensor, without bytes; nil when there is none of that name.
    package func tensor(_ key: String) -> StoredTensor? {
        shapes[key].map { StoredTensor(key: key, type: .float32, shape: $0) }
    }
}
