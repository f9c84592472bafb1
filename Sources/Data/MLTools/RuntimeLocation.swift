import Diagnostics
import Files
import Glibc
import OnnxEngine
import SystemPackage

/// Where the library of ONNX Runtime is.
package enum RuntimeLocation {
    /// The variable that names a library to use instead of the installed one.
    package static let variable = "EIGHTCUT_ONNXRUNTIME"
    /// The names that the system's own library may have.
    private static let systemNames: [FilePath] = ["libonnxruntime.so.1", "libonnxruntime.so"]

    /// Loads the library that inference is to use: the one that `EIGHTCUT_ONNXRUNTIME` names, the
    /// one that `8cut tools install` has installed, or the system's.
    ///
    /// - Parameter home: where the tools are installed.
    /// - Returns: the library.
    /// - Throws: `EightCutError`: `toolMissing` when there is none, `toolFailed` when the first
    ///   that is there does not load.
    package static func load(home: EightCutHome = .current) throws -> RuntimeLibrary {
        if let named = getenv(variable).map({ String(cString: $0) }), !named.isEmpty {
            do {
                return try RuntimeLibrary(at: FilePath(named).absolute)
            } catch let error as EightCutError {
                throw error.advising("\(variable) names it: correct or unset that.")
            }
        }
        if let path = try? find(in: home.environment) { return try RuntimeLibrary(at: path) }
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

    /// Finds the library file in a Python environment.
    ///
    /// - Throws: `EightCutError` of code `toolFailed` when it is not there.
    package static func find(in environment: FilePath) throws -> FilePath {
        let library = environment.appending("lib")
        let pythons = ((try? Folder.names(in: library)) ?? []).filter { $0.hasPrefix("python") }
        for python in pythons.reversed() {
            let folder = library.appending(python).appending("site-packages")
                .appending("onnxruntime").appending("capi")
            let names = (try? Folder.names(in: folder)) ?? []
            if let name = names.last(where: { $0.hasPrefix("libonnxruntime.so") }) {
                return folder.appending(name)
            }
        }
        throw EightCutError(
            .toolFailed,
            "cannot load the inference library",
            on: environment.string,
            because: "there is no libonnxruntime.so in onnxruntime/capi",
            remedy: "Install it anew: 8cut tools install --reinstall"
        )
    }
}
