import Diagnostics
import Files
import SystemPackage

/// Loads the inference library in a child process, so that one that crashes or hangs does not
/// take this one with it.
package enum RuntimeProbe {
    package enum Finding: Sendable, Equatable {
        /// It loads, and this is its version.
        case works(version: String)
        /// It does not: why.
        case broken(String)
    }

    /// Loads the library of an environment.
    ///
    /// - Parameters:
    ///   - environment: the Python environment.
    ///   - program: `8cut`, whose hidden command `tools probe` does the loading.
    /// - Returns: what came of it.
    /// - Throws: `CancellationError`.
    package static func ask(_ environment: FilePath, program: FilePath) async throws -> Finding {
        let library: FilePath
        do {
            library = try RuntimeLocation.find(in: environment)
        } catch let error as EightCutError {
            return .broken(error.why)
        }
        let end = try await ShortChild.run(.path(program), ["tools", "probe", library.string])
        switch end {
        case .notFound: return .broken("the program 8cut is not there any more")
        case .failed(let why): return .broken("loading \(quoted(library.string)): \(why)")
        case .ended(let status, let output, _):
            // The library may print something before that.
            let last = output.split(exactly: "\n").last.map(String.init) ?? "it printed nothing"
            return status == 0 ? .works(version: last) : .broken(visible(last))
        }
    }
}

/// Where the library of ONNX Runtime is.
package enum RuntimeLocation {
    /// The variable that names a library to use instead of the installed one.
    package static let variable = "EIGHTCUT_ONNXRUNTIME"

    /// Finds the library file in a Python environment.
    ///
    /// - Throws: `EightCutError` of code `toolFailed` when it is not there.
    package static func find(in environment: FilePath) throws -> FilePath {
        let library = environment.appending("lib")
        let pythons = ((try? Folder.names(in: library)) ?? []).filter {
            $0.hasPrefix(exactly: "python")
        }
        for python in pythons.reversed() {
            let folder = library.appending(python).appending("site-packages")
                .appending("onnxruntime").appending("capi")
            let names = (try? Folder.names(in: folder)) ?? []
            if let name = names.last(where: { $0.hasPrefix(exactly: "libonnxruntime.so") }) {
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
