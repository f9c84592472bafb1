import ArgumentParser
import Checkpoints
import Diagnostics
import NeuralGraph
import SAM2

/// Which SAM 2 checkpoint is used, and what it computes in.
struct SamModelOptions: CheckpointOptions {
    @Option(
        help: ArgumentHelp(
            "A checkpoint by name, or a folder that holds one; sam2.1-hiera-large on a GPU and "
                + "sam2.1-hiera-tiny on a processor unless given.",
            valueName: "name|folder"
        ),
        completion: .list(
            CheckpointCatalogue.all.map(\.name).filter { $0.hasPrefix("sam2") }
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

    @Option(
        help: ArgumentHelp(
            "Attend to so many memories instead of 7: faster, and less exact.",
            valueName: "1...7"
        )
    )
    var memories: Int?

    @Option(
        help: ArgumentHelp(
            "Pool all but the nearest memory, 2 by 2 or 4 by 4 tokens into one: faster, and a "
                + "little less exact.",
            valueName: "1|2|4"
        )
    )
    var poolMemories = 1

    /// What is attended to of what is remembered.
    var memoryUse: Sam2MemoryUse { Sam2MemoryUse(count: memories, pooling: poolMemories) }

    func validate(_ inference: InferenceOptions) throws {
        try checkpoint.validate(inference)
        if let memories, !(1...7).contains(memories) {
            throw ValidationError("--memories must be between 1 and 7, not \(memories).")
        }
        guard [1, 2, 4].contains(poolMemories) else {
            throw ValidationError("--pool-memories must be 1, 2 or 4, not \(poolMemories).")
        }
    }

    static func chosen(for isProcessor: Bool, _ log: Log) throws -> String {
        let size = isProcessor ? "tiny" : "large"
        let checkpoint = try CheckpointCatalogue.named("sam2.1-hiera-" + size)
        log.note(
            isProcessor
                ? "using \(checkpoint.name), the default on a processor: the others take long there"
                : "using \(checkpoint.name), the default on a GPU: the most exact one"
        )
        return checkpoint.name
    }
}
