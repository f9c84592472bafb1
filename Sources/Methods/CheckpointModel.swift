import Checkpoints
import Diagnostics
import MaskStore
import NeuralGraph
import OnnxEngine
import SystemPackage

/// The checkpoint that a method uses, and what runs it.
package struct CheckpointModel: Sendable {
    /// The name that the user gave.
    package let name: String
    package let folder: FilePath
    /// The same only for the same weights, whatever the folder is called.
    let identity: String
    package let precision: Precision
    package let library: RuntimeLibrary
    package let session: SessionSettings

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

    /// The model's part of a manifest's settings.
    var settings: [String: SettingValue] {
        [
            "engine": .text("native"), "model": .text(name), "weights": .text(identity),
            "device": .text(session.device == .cpu ? "cpu" : "cuda"),
            "precision": .text(precision.rawValue),
        ]
    }
}
