import Diagnostics
import Files
import SystemPackage

/// Where the library of ONNX Runtime is.
package enum RuntimeLocation {
    /// The variable that names a library to use instead of the installed one.
    package static let variable = "EIGHTCUT_ONNXRUNTIME"

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
