import ArgumentParser
import Checkpoints
import Diagnostics
import Files
import Methods
import SystemPackage

/// `--model`, and how it runs: which checkpoint, `--precision`, `--device` and `--threads`.
struct ModelOptions<Family: ModelFamily>: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Checkpoint name or folder. (default: \(Family.defaultText))",
            valueName: "model"
        ),
        completion: .list(Family.names)
    )
    var model: String?

    @OptionGroup var runtime: RuntimeOptions

    func validate() throws { try model?.checkedNotEmpty(named: "--model") }

    /// The options that were given, which the reference script does not have.
    var given: [String] { runtime.given }

    /// Makes sure that what a run needs is there, before a list of runs begins.
    ///
    /// - Parameters:
    ///   - engine: what the run is for.
    ///   - log: receives what was chosen, and why.
    ///   - models: keeps it.
    /// - Throws: `EightCutError` when there is no such checkpoint or device; `CancellationError`.
    func prepare(_ engine: EngineOptions, _ log: Log, _ models: LoadedModels) async throws {
        if engine.isReference {
            _ = try folderForReference(log)
        } else {
            _ = try await load(log, models)
        }
    }

    /// Finds the checkpoint and what runs it.
    ///
    /// - Parameters:
    ///   - log: receives what was chosen, and why.
    ///   - models: what was found before with the same options is taken from there.
    ///   - name: the default checkpoint's name, on a CPU or else on a GPU.
    /// - Returns: the model.
    /// - Throws: `EightCutError` when there is no library, no such device or no such checkpoint.
    func load(
        _ log: Log,
        _ models: LoadedModels = LoadedModels(),
        default name: @escaping @Sendable (_ onCPU: Bool, Log) throws -> String =
            Family.defaultName
    ) async throws -> CheckpointModel {
        try await runtime.checkpoint(model, of: Family.self, log, models, default: name)
    }

    /// Finds the checkpoint for the reference script.
    ///
    /// - Throws: `EightCutError` when there is no such checkpoint.
    func folderForReference(_ log: Log) throws -> FilePath {
        try Family.folder(of: model ?? Family.defaultName(onCPU: true, log))
    }
}

extension ModelFamily {
    /// Finds a checkpoint.
    ///
    /// - Parameter name: its name, or a folder.
    /// - Returns: its folder.
    /// - Throws: `EightCutError` when there is no such checkpoint, or it is another family's.
    static func folder(of name: String) throws -> FilePath {
        try CheckpointFolder.find(name, of: kinds, settings: .ofProcess(), home: .current)
    }
}
