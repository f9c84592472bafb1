import ArgumentParser
import Checkpoints
import Diagnostics
import Methods
import NeuralGraph

/// Which checkpoint is held against the reference, of whatever kind.
struct VerifiedModelOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "A checkpoint by name, or a folder that holds one; unless given, the default of "
                + "masks sam where there are prompts, and else that of masks depth.",
            valueName: "name|folder"
        ),
        completion: .list(CheckpointCatalogue.all.map(\.name))
    )
    var model: String?

    @Option(
        help: ArgumentHelp(
            "What the native engine computes in: fp32, fp16 (on a GPU), or int8 (on a processor).",
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
    ///   - isForSam: which default to take.
    ///   - log: is told what was chosen, and why.
    /// - Returns: the model.
    /// - Throws: `EightCutError` when there is no library, no such device or no such checkpoint.
    func load(_ inference: InferenceOptions, forSam isForSam: Bool, _ log: Log) async throws
        -> CheckpointModel
    {
        try await CheckpointChoice(model, precision).load(inference, log) { isProcessor in
            isForSam
                ? try SamModelOptions.chosen(for: isProcessor, log)
                : try DepthModelOptions.chosen(for: isProcessor, log)
        }
    }
}
