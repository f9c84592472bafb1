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
    /// one that `8cut tools install` has installed, or the system's. A child loads it first, so
    /// that one that crashes or hangs is an error.
    ///
    /// - Parameters:
    ///   - home: where the tools are installed.
    ///   - program: `8cut`, which is the child.
    /// - Returns: the library.
    /// - Throws: `EightCutError`: `toolMissing` when there is none, `toolFailed` when the first
    ///   that is there does not load; `CancellationError`.
    package static func installed(
        home: EightCutHome = .current,
        program: FilePath = ToolsStatus.runningProgram
    ) async throws -> RuntimeLibrary {
        if let named = getenv(RuntimeLocation.variable), named.pointee != 0 {
            return try await tried(
                FilePath(platformString: named).absolute,
                program,
                remedy: "\(RuntimeLocation.variable) names it: correct or unset that."
            )
        }
        if let path = try? RuntimeLocation.find(in: home.environment) {
            return try await tried(
                path,
                program,
                remedy: "Install it anew: 8cut tools install --reinstall"
            )
        }
        for name in systemNames {
            let finding = try await RuntimeProbe.load(name, program: program)
            if case .works(_, let path) = finding { return try RuntimeLibrary(at: path) }
        }
        throw EightCutError(
            .toolMissing,
            "cannot run the model",
            because: "ONNX Runtime is not installed",
            remedy: "Install it: 8cut tools install"
        )
    }

    private static func tried(
        _ path: FilePath,
        _ program: FilePath,
        remedy: String
    ) async throws -> RuntimeLibrary {
        if case .broken(let why) = try await RuntimeProbe.load(path, program: program) {
            throw EightCutError(
                .toolFailed,
                "cannot load the inference library",
                on: path.string,
                because: why,
                remedy: remedy
            )
        }
        return try RuntimeLibrary(at: path)
    }
}
