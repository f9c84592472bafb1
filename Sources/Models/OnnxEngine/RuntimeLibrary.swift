import COnnxRuntime
import Diagnostics
import Glibc
import SystemPackage

/// ONNX Runtime, loaded into this process. Its library is found while the program runs, so
/// nothing is linked; see `COnnxRuntime` for the interface.
///
/// `@unchecked Sendable` because the tables never change and the library's functions may be called
/// from any thread.
package final class RuntimeLibrary: @unchecked Sendable {
    /// The oldest version that has the interface in use, as (major, minor).
    package static let minimumVersion = (major: 1, minor: 22)
    /// The interface's version that belongs to it.
    private static let interfaceVersion: UInt32 = 22

    /// Where it was loaded from.
    package let path: FilePath
    /// Its version, such as "1.32.0".
    package let version: String
    /// The interface's functions.
    let api: OrtTable
    /// The functions that build models.
    let editor: OrtTable

    /// Loads a library. A damaged one may crash the process.
    ///
    /// - Parameter path: the library file; a name without a folder is looked for where the system
    ///   keeps libraries.
    /// - Throws: `EightCutError` of code `toolFailed` when it is not there, made for another
    ///   processor, not ONNX Runtime, or too old.
    package init(at path: FilePath) throws {
        self.path = path
        if ElfProcessor.isForeign(path) {
            throw Self.failure(path, "it is made for another processor")
        }
        // The library stays loaded until the process ends: its threads may outlive a session.
        guard let handle = dlopen(path.string, RTLD_NOW | RTLD_LOCAL) else {
            let why = dlerror().map { String(cString: $0) } ?? "it cannot be loaded"
            throw Self.failure(path, why)
        }
        guard let symbol = dlsym(handle, "OrtGetApiBase") else {
            throw Self.failure(path, "it has no OrtGetApiBase, so it is not ONNX Runtime")
        }
        typealias GetBase = @convention(c) () -> UnsafePointer<OrtBase>?
        guard let base = unsafeBitCast(symbol, to: GetBase.self)(),
            let text = base.pointee.get_version?()
        else {
            throw Self.failure(path, "it does not tell its version")
        }
        version = String(cString: text)
        guard Self.isAccepted(version) else {
            let least = Self.minimumVersion
            throw Self.failure(
                path,
                "it is version \(version), and \(least.major).\(least.minor) or newer is needed"
            )
        }
        guard let api = base.pointee.get_api?(Self.interfaceVersion),
            let editor = ort_get_model_editor_api(api)
        else {
            throw Self.failure(path, "it lacks the interface that builds models")
        }
        self.api = api
        self.editor = editor
    }

    /// Whether a version of ONNX Runtime has the interface in use.
    package static func isAccepted(_ version: String) -> Bool {
        let parts = version.split(separator: ".").map { Int($0.prefix { $0.isNumber }) ?? 0 }
        guard parts.count >= 2 else { return false }
        return (parts[0], parts[1]) >= (minimumVersion.major, minimumVersion.minor)
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

extension RuntimeLibrary {
    /// Throws what a call has answered, unless that is success.
    ///
    /// - Parameters:
    ///   - status: what it answered; is released.
    ///   - what: what could not be done, as a clause.
    /// - Throws: `EightCutError` of code `toolFailed`.
    func check(_ status: OpaquePointer?, _ what: String) throws {
        guard let status else { return }
        defer { ort_release_status(api, status) }
        let message = ort_get_error_message(api, status).map { String(cString: $0) } ?? "no reason"
        throw EightCutError(.toolFailed, what, on: path.string, because: visible(message))
    }

    /// Makes something of the library's, which is given back when nothing holds it any more.
    ///
    /// - Parameters:
    ///   - what: what it is, for messages.
    ///   - release: gives it back.
    ///   - make: makes it.
    /// - Returns: the thing.
    /// - Throws: `EightCutError` of code `toolFailed`.
    func make(
        _ what: String,
        release: @escaping (OrtTable, OpaquePointer) -> Void,
        _ make: (UnsafeMutablePointer<OpaquePointer?>) -> OpaquePointer?
    ) throws -> Handle {
        var pointer: OpaquePointer?
        try check(make(&pointer), "cannot make \(what)")
        guard let pointer else {
            throw EightCutError(
                .toolFailed,
                "cannot make \(what)",
                on: path.string,
                because: "the library gives nothing"
            )
        }
        return Handle(pointer, library: self, release: release)
    }
}
