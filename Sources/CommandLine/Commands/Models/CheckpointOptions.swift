import ArgumentParser
import Diagnostics
import Methods
import NeuralGraph
import SystemPackage

/// Which checkpoint a method uses, and what it computes in: options with a default that is the
/// method's own.
protocol CheckpointOptions: ParsableArguments {
    /// A checkpoint by name, or a folder that holds one; nil for the default.
    var model: String? { get }
    /// What to compute in.
    var precision: Precision { get }

    /// The name of the default.
    ///
    /// - Parameters:
    ///   - isProcessor: whether it runs on a processor, or else on a GPU.
    ///   - log: is told what was chosen, and why.
    /// - Returns: the name.
    /// - Throws: `EightCutError` when the catalogue lacks it, or licences cannot be read.
    static func chosen(for isProcessor: Bool, _ log: Log) throws -> String
}

extension CheckpointOptions {
    /// What was given.
    var checkpoint: CheckpointChoice { CheckpointChoice(model, precision) }

    /// Refuses what cannot be, before anything is looked for.
    ///
    /// - Throws: `ValidationError`.
    func validate(_ inference: InferenceOptions) throws { try checkpoint.validate(inference) }

    /// Finds the checkpoint and what runs it.
    ///
    /// - Parameters:
    ///   - inference: how to run it.
    ///   - log: is told what was chosen, and why.
    /// - Returns: the model.
    /// - Throws: `EightCutError` when there is no library, no such device or no such checkpoint.
    func load(_ inference: InferenceOptions, _ log: Log) async throws -> CheckpointModel {
        try await checkpoint.load(inference, log) { try Self.chosen(for: $0, log) }
    }

    /// Finds the checkpoint for the reference script.
    ///
    /// - Parameter log: is told what was chosen, and why.
    /// - Returns: the checkpoint's folder.
    /// - Throws: `EightCutError` when there is no such checkpoint.
    func folderForReference(_ log: Log) throws -> FilePath {
        try CheckpointChoice.folder(of: model ?? Self.chosen(for: true, log))
    }
}
