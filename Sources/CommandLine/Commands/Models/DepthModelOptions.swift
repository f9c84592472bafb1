import ArgumentParser
import Checkpoints
import Diagnostics
import Files
import NeuralGraph

/// Which Depth Anything checkpoint is used, and what it computes in.
struct DepthModelOptions: CheckpointOptions {
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
