import COnnxRuntime
import Diagnostics
import Files
import Glibc
import Synchronization
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

    /// Where it was found, from the root.
    package let path: FilePath
    /// Its version, such as "1.32.0".
    package let version: String
    /// The interface's functions.
    let api: OrtTable
    /// The functions that build models.
    let editor: OrtTable

    /// Loads a library. A damaged one may crash the process: have a child try it first.
    ///
    /// - Parameter path: the library file; a name without a folder is looked for where the system
    ///   keeps libraries, and never in the working folder. (An empty part of `LD_LIBRARY_PATH` is
    ///   the working folder to the system: a child that tries names out works in `/`.)
    /// - Throws: `EightCutError` of code `toolFailed` when it is not there, made for another
    ///   architecture, not ONNX Runtime, or too old.
    package init(at path: FilePath) throws {
        if path.isAbsolute || path.components.count > 1 { try Self.check(path) }
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
            throw Self.failure(path, "it does not report its version")
        }
        self.path = Self.place(of: symbol) ?? path.absolute
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

    /// Makes sure of what can be known before loading: the system waits for a pipe, and calls a
    /// library for another CPU missing.
    private static func check(_ path: FilePath) throws {
        if let status = FileStatus(following: path), status.kind != .file {
            throw failure(path, "it is \(status.kind.name), not a library")
        }
        if ElfArchitecture.isForeign(path) {
            throw failure(path, "it is made for another CPU architecture")
        }
    }

    /// The file that has a symbol. (`dladdr`, which Swift's view of the C library lacks: it fills in
    /// four pointers, of which the first is the file's name.)
    private static func place(of symbol: UnsafeMutableRawPointer) -> FilePath? {
        typealias Info = (UnsafePointer<CChar>?, OpaquePointer?, OpaquePointer?, OpaquePointer?)
        typealias Find = @convention(c) (UnsafeRawPointer, UnsafeMutableRawPointer) -> CInt
        guard let find = dlsym(nil, "dladdr") else { return nil }
        var info: Info = (nil, nil, nil, nil)
        guard unsafeBitCast(find, to: Find.self)(symbol, &info) != 0, let name = info.0 else {
            return nil
        }
        return FilePath(platformString: name).absolute
    }

    /// Whether a version of ONNX Runtime has the interface in use.
    package static func isAccepted(_ version: String) -> Bool {
        let parts = version.split(exactly: ".").map {
            Int(String($0.unicodeScalars.prefix(while: \.isDigit))) ?? 0
        }
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

extension RuntimeLibrary {
    /// The environments of this process, by the libraries' files. A library has one at a time,
    /// whoever asks for it, so it is kept.
    private static let environments = Mutex<[String: Handle]>([:])

    /// What all sessions of a library share.
    ///
    /// - Returns: the environment, the same one each time.
    /// - Throws: `EightCutError` of code `toolFailed`.
    func sharedEnvironment() throws -> Handle {
        try Self.environments.withLock { environments in
            if let known = environments[path.string] { return known }
            let environment = try makeEnvironment()
            environments[path.string] = environment
            return environment
        }
    }

    private func makeEnvironment() throws -> Handle {
        // Errors reach us as the results of calls; what the library would log besides is noise.
        let environment = try make("an environment", release: { ort_release_env($0, $1) }) {
            ort_create_env(api, Int32(ORT_LOG_FATAL), "8cut", $0)
        }
        let what = "cannot set up the inference library"
        try check(ort_disable_telemetry_events(api, environment.pointer), what)
        let memory = try make("a memory description", release: { ort_release_memory_info($0, $1) })
        {
            ort_create_cpu_memory_info(
                api,
                Int32(ORT_ARENA_ALLOCATOR),
                Int32(ORT_MEMORY_DEFAULT),
                $0
            )
        }
        let arena = try makeArena()
        try check(
            ort_create_and_register_allocator(
                api,
                environment.pointer,
                memory.pointer,
                arena.pointer
            ),
            what
        )
        return environment
    }

    /// How all sessions allocate CPU memory: from one arena. A model of several
    /// graphs runs one of them at a time, and each would hold on to what it has needed once.
    private func makeArena() throws -> Handle {
        try "arena_extend_strategy".withCString { key in
            try make("an arena", release: { ort_release_arena_cfg($0, $1) }) { out in
                var keys: [UnsafePointer<CChar>?] = [key]
                // It grows by what is asked for (kSameAsRequested), not by ever larger steps.
                var values = [1]
                return ort_create_arena_cfg_v2(api, &keys, &values, 1, out)
            }
        }
    }

    /// The kinds of devices that the library was built for, as it calls them.
    package var providers: [String] {
        var names: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
        var count: Int32 = 0
        let status = ort_get_available_providers(api, &names, &count)
        guard (try? check(status, "")) != nil, let names else { return [] }
        defer {
            let status = ort_release_available_providers(api, names, count)
            try? check(status, "")
        }
        return (0..<Int(count)).compactMap { names[$0].map { String(cString: $0) } }
    }
}

/// CUDA's own libraries, which pip puts beside ONNX Runtime where the dynamic linker does not look:
/// `site-packages/nvidia/…/lib/lib….so.…`.
package enum CudaLibraries {
    /// In the order in which they need each other. (The list of onnxruntime's `preload_dlls`.)
    private static let names = [
        "libcudart.so", "libnvJitLink.so", "libcublasLt.so", "libcublas.so", "libnvrtc.so",
        "libcufft.so", "libcurand.so", "libcudnn.so",
    ]

    /// Loads those that are there. What is missing then makes CUDA fail with a message of its own.
    ///
    /// - Parameter library: `site-packages/onnxruntime/capi/libonnxruntime.so…`; beside one that is
    ///   elsewhere nothing is looked for, since anybody may write to what is there.
    static func preload(besides library: FilePath) {
        let places = folders(besides: library)
        for name in names {
            for file in files(of: name, in: places) {
                _ = dlopen(file.string, RTLD_NOW | RTLD_GLOBAL)
            }
        }
    }

    /// Looks for all of them beside the library and where the system keeps libraries.
    ///
    /// - Parameter library: as for `preload`.
    /// - Returns: the names of those that are in neither place.
    package static func missing(besides library: FilePath) -> [String] {
        let named = getenv("LD_LIBRARY_PATH").map { String(cString: $0) } ?? ""
        let places =
            folders(besides: library)
            + named.split(exactly: ":").map { FilePath(String($0)) }.filter(\.isAbsolute)
            + systemFolders
        return names.filter { files(of: $0, in: places).isEmpty }
    }

    private static let systemFolders: [FilePath] = [
        "/usr/local/cuda/lib64", "/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu",
        "/usr/lib64", "/usr/lib", "/opt/cuda/lib64",
    ]

    private static func files(of name: String, in folders: [FilePath]) -> [FilePath] {
        folders.flatMap { folder in
            ((try? Folder.names(in: folder)) ?? []).filter { $0.hasPrefix(exactly: name) }
                .map(folder.appending)
        }
    }

    private static func folders(besides library: FilePath) -> [FilePath] {
        let capi = library.removingLastComponent()
        let packages = capi.removingLastComponent().removingLastComponent()
        guard ["site-packages", "dist-packages"].contains(packages.lastComponent),
            capi.components.suffix(2).elementsEqual(["onnxruntime", "capi"])
        else { return [] }
        let nvidia = packages.appending("nvidia")
        return ((try? Folder.names(in: nvidia)) ?? []).map {
            nvidia.appending($0).appending("lib")
        }
    }
}
