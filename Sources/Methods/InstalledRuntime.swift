import Diagnostics
import Files
import MLTools
import OnnxEngine
import SystemPackage

extension RuntimeLibrary {
    /// Loads the library that inference is to use: the one that `EIGHTCUT_ONNXRUNTIME` names, the
    /// one that `8cut tools install` has installed, the one that pip has put beside the program, or
    /// the system's. A child loads it first, so
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
        if let found = RuntimeLocation.inUse(home: home, program: program) {
            return try await tried(found, program)
        }
        for name in RuntimeLocation.systemNames {
            let finding = try await RuntimeProbe.load(name, program: program)
            if case .works(_, let path) = finding { return try RuntimeLibrary(at: path) }
        }
        throw EightCutError(
            .toolMissing,
            "cannot run the model",
            because: "ONNX Runtime is not installed",
            remedy: PythonPrefix(of: program)?.hasProgram == true
                ? ToolsStatus.absentBesidesWheel : "Install it: 8cut tools install"
        )
    }

    private static func tried(
        _ found: ToolLibrary,
        _ program: FilePath
    ) async throws -> RuntimeLibrary {
        let path = FilePath(found.path)
        if case .broken(let why) = try await RuntimeProbe.load(path, program: program) {
            throw EightCutError(
                .toolFailed,
                "cannot load the inference library",
                on: path.string,
                because: why,
                remedy: found.remedy
            )
        }
        return try RuntimeLibrary(at: path)
    }
}
