import ArgumentParser
import Checkpoints
import Diagnostics
import Files
import Masks
import OnnxGraph
import SystemPackage

/// Which Depth Anything checkpoint is used, and what it computes in.
struct DepthModelOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "A checkpoint by name, or a folder that holds one; large on a GPU and small on a "
                + "processor unless given.",
            valueName: "name|folder"
        ),
        completion: .list(
            CheckpointCatalogue.all.map(\.name).filter { $0.hasPrefix("depth-anything") }
        )
    )
    var model: String?

    @Option(
        help: ArgumentHelp(
            "What the model computes in: fp32, fp16 (on a GPU), or int8 (faster on a processor, "
                + "a little less exact).",
            valueName: "fp32|fp16|int8"
        )
    )
    var precision: Precision = .float32

    func validate(_ inference: InferenceOptions) throws {
        try CheckpointChoice(model, precision).validate(inference)
    }

    /// Finds the checkpoint and what runs it.
    ///
    /// - Parameters:
    ///   - inference: how to run it.
    ///   - log: is told what was chosen, and why.
    /// - Returns: the model.
    /// - Throws: `EightCutError` when there is no library, no such device or no such checkpoint.
    func load(_ inference: InferenceOptions, _ log: Log) async throws -> CheckpointModel {
        try await CheckpointChoice(model, precision).load(inference, log) { isProcessor in
            try Self.chosen(for: isProcessor, log)
        }
    }

    /// Finds the checkpoint for the reference script.
    ///
    /// - Parameter log: is told what was chosen, and why.
    /// - Returns: the checkpoint's folder.
    /// - Throws: `EightCutError` when there is no such checkpoint.
    func folderForReference(_ log: Log) throws -> FilePath {
        try CheckpointChoice.folder(of: model ?? Self.chosen(for: true, log))
    }

    /// The name of the default.
    ///
    /// - Parameters:
    ///   - isProcessor: whether it runs on a processor, or else on a GPU.
    ///   - log: is told what was chosen, and why.
    /// - Returns: the name.
    /// - Throws: `EightCutError` when licences cannot be read.
    static func chosen(for isProcessor: Bool, _ log: Log) throws -> String {
        let small = try CheckpointCatalogue.named("depth-anything-v2-small")
        if isProcessor {
            log.note("using \(small.name), the default on a processor: the others take long there")
            return small.name
        }
        let (checkpoint, note) = DefaultCheckpoint.choose(
            try CheckpointCatalogue.named("depth-anything-v2-large"),
            else: small,
            licences: AcceptedLicences(.current)
        )
        log.note(note ?? "using \(checkpoint.name), the default on a GPU: the most exact one")
        return checkpoint.name
    }
}
