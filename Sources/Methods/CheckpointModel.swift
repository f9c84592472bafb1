import Checkpoints
import Files
import MaskStore
import NeuralGraph
import OnnxEngine
import SystemPackage

/// The checkpoint that a method uses, and what runs it.
package struct CheckpointModel: Sendable {
    /// What the user calls it.
    package let name: String
    /// Its folder.
    package let folder: FilePath
    /// Tells one checkpoint from another, whatever its folder is called.
    let identity: String
    /// What to compute in.
    package let precision: Precision
    /// What runs it.
    package let library: RuntimeLibrary
    /// How.
    package let session: SessionSettings

    /// Describes a model.
    ///
    /// - Parameters:
    ///   - name: what the user calls it.
    ///   - folder: the checkpoint's folder.
    ///   - precision: what to compute in.
    ///   - library: what runs it.
    ///   - session: how.
    /// - Throws: `EightCutError` when the checkpoint's files cannot be read.
    package init(
        name: String,
        folder: FilePath,
        precision: Precision,
        library: RuntimeLibrary,
        session: SessionSettings
    ) throws {
        self.name = name
        self.folder = folder
        self.precision = precision
        self.library = library
        self.session = session
        identity = try CheckpointIdentity.of(folder)
    }

    /// As it stands in the manifest.
    var described: [String: SettingValue] {
        [
            "engine": .text("native"), "model": .text(name), "weights": .text(identity),
            "device": .text(session.device == .cpu ? "cpu" : "cuda"),
            "precision": .text(precision.rawValue),
        ]
    }
}
