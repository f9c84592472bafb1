import Diagnostics
import Files
import Glibc
import SystemPackage

/// The library of ONNX Runtime in a Python environment.
public enum RuntimeLibrary {
    /// Finds the library file in an environment.
    ///
    /// - Throws: `EightCutError` of code `toolFailed` when it is not there.
    public static func find(in environment: FilePath) throws -> FilePath {
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
        throw failure(environment, "there is no libonnxruntime.so in onnxruntime/capi")
    }

    /// Loads the library into this process and asks for its version.
    ///
    /// A damaged library may crash the process: ask `RuntimeProbe` when you do not know it yet.
    ///
    /// - Parameter path: the library file.
    /// - Returns: its version, such as "1.32.0".
    /// - Throws: `EightCutError` of code `toolFailed` when it is not there, made for another
    ///   processor, not ONNX Runtime, or too old.
    public static func version(at path: FilePath) throws -> String {
        if ElfProcessor.isForeign(path) { throw failure(path, "it is made for another processor") }
        guard let handle = dlopen(path.string, RTLD_NOW | RTLD_LOCAL) else {
            throw failure(path, dlerror().map { String(cString: $0) } ?? "it cannot be loaded")
        }
        guard let symbol = dlsym(handle, "OrtGetApiBase") else {
            throw failure(path, "it has no OrtGetApiBase, so it is not ONNX Runtime")
        }
        // `const OrtApiBase *OrtGetApiBase(void)`, where OrtApiBase is two function pointers:
        // GetApi, and `const char *GetVersionString(void)`.
        typealias GetBase = @convention(c) () -> UnsafeRawPointer?
        typealias GetVersion = @convention(c) () -> UnsafePointer<CChar>?
        let getBase = unsafeBitCast(symbol, to: GetBase.self)
        let offset = MemoryLayout<UnsafeRawPointer>.size
        guard let base = getBase(),
            let getVersion = base.load(fromByteOffset: offset, as: Optional<GetVersion>.self),
            let text = getVersion()
        else {
            throw failure(path, "it does not tell its version")
        }
        let version = String(cString: text)
        guard isAccepted(version) else {
            let least = ToolPackages.minimumRuntime
            throw failure(
                path,
                "it is version \(version), and \(least.major).\(least.minor) or newer is needed"
            )
        }
        return version
    }

    /// Whether a version of ONNX Runtime has the interface in use.
    package static func isAccepted(_ version: String) -> Bool {
        let parts = version.split(separator: ".").map { Int($0.prefix { $0.isNumber }) ?? 0 }
        guard parts.count >= 2 else { return false }
        let least = ToolPackages.minimumRuntime
        return (parts[0], parts[1]) >= (least.major, least.minor)
    }

    private static func failure(_ path: FilePath, _ why: String) -> EightCutError {
        EightCutError(
            .toolFailed,
            "cannot load the inference library",
            on: path.string,
            because: why,
            remedy: "Install it anew: 8cut tools install --reinstall"
        )
    }
}
