import SystemPackage
import Weights

/// What the reference implementation has made of small depth models; Tests/Fixtures/depth/README.md
/// says what there is.
package enum DepthFixtures {
    /// The folder with all of it.
    package static let folder = FilePath(#filePath).removingLastComponent()
        .removingLastComponent().appending("Fixtures").appending("depth")

    /// The small checkpoints, each with `expected.safetensors`.
    package static let models = ["tiny", "tiny-half", "tiny-metric", "tiny-sharded-old"]

    /// The published checkpoints of which only names and shapes are there.
    package static let published = ["small", "base", "large"]

    /// The folder of a published checkpoint's configuration and list of weights.
    package static func published(_ name: String) -> FilePath {
        folder.appending("published").appending(name)
    }

    /// Opens a file of tensors in a model's folder, or beside the models.
    ///
    /// - Parameters:
    ///   - name: the file's name without its ending: `expected`, `layers`, `frames`.
    ///   - model: the model's folder; nil for files beside them.
    /// - Returns: the tensors.
    /// - Throws: when the file cannot be read.
    package static func tensors(_ name: String, of model: String? = nil) throws -> FixtureTensors {
        let place = model.map { folder.appending($0) } ?? folder
        return FixtureTensors(try CheckpointWeights(file: place.appending(name + ".safetensors")))
    }
}
