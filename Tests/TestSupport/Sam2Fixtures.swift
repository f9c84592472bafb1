import SystemPackage
import Weights

/// What the reference implementation has made of small SAM 2 and EdgeTAM models; Tests/Fixtures/sam2/README.md
/// says what there is.
package enum Sam2Fixtures {
    /// The folder with all of it.
    package static let folder = FilePath(#filePath).removingLastComponent()
        .removingLastComponent().appending("Fixtures").appending("sam2")

    /// The small checkpoints, each with `expected.safetensors` and `tracks.safetensors`.
    package static let models = ["tiny", "tiny-2.0"]

    /// The small EdgeTAM checkpoint, which has the same files as those of SAM 2.
    package static let edgetam = "edgetam"

    /// The other size of frames, beside the checkpoints' own 256, for which there are files in
    /// `tiny-192`, `tiny-2.0-192` and `edgetam-192`.
    package static let otherSide = 192

    /// The folder of a small checkpoint.
    package static func model(_ name: String) -> FilePath { folder.appending(name) }

    /// The folder of a published checkpoint's configuration and list of weights.
    package static func published(_ name: String) -> FilePath {
        folder.appending("published").appending(name)
    }

    /// Opens a file of tensors in a model's folder, or beside the models.
    ///
    /// - Parameters:
    ///   - name: the file's name without its ending: `expected`, `tracks`, `videos`.
    ///   - model: the model's folder; nil for files beside them.
    ///   - side: the size of frames; nil for the checkpoint's own.
    /// - Returns: the tensors.
    /// - Throws: when the file cannot be read.
    package static func tensors(
        _ name: String,
        of model: String? = nil,
        side: Int? = nil
    ) throws -> FixtureTensors {
        let place = model.map { folder.appending($0 + (side.map { "-\($0)" } ?? "")) } ?? folder
        let file = place.appending(name + ".safetensors")
        return FixtureTensors(try CheckpointWeights(file: file))
    }
}
