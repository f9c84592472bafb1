import Checkpoints
import Diagnostics
import Files
import Glibc
import MLTools
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

extension RuntimeLibrary {
    /// The names that the system's own library may have.
    private static let systemNames: [FilePath] = ["libonnxruntime.so.1", "libonnxruntime.so"]

    /// Loads the library that inference is to use: the one that `EIGHTCUT_ONNXRUNTIME` names, the
    /// one that `8cut tools install` has installed, or the system's.
    ///
    /// - Parameter home: where the tools are installed.
    /// - Returns: the library.
    /// - Throws: `EightCutError`: `toolMissing` when there is none, `toolFailed` when the first
    ///   that is there does not load.
    package static func installed(home: EightCutHome = .current) throws -> RuntimeLibrary {
        if let named = getenv(RuntimeLocation.variable).map({ String(cString: $0) }), !named.isEmpty
        {
            do {
                return try RuntimeLibrary(at: FilePath(named).absolute)
            } catch let error as EightCutError {
                throw error.advising("\(RuntimeLocation.variable) names it: correct or unset that.")
            }
        }
        if let path = try? RuntimeLocation.find(in: home.environment) {
            return try RuntimeLibrary(at: path)
        }
        for name in systemNames {
            if let library = try? RuntimeLibrary(at: name) { return library }
        }
        throw EightCutError(
            .toolMissing,
            "cannot run the model",
            because: "ONNX Runtime is not installed",
            remedy: "Install it: 8cut tools install"
        )
    }
}
