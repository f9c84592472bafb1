import Diagnostics
import Files
import Glibc
import MLTools
import OnnxEngine
import SystemPackage

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
