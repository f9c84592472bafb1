import ArgumentParser
import Checkpoints
import Diagnostics
import Glibc

/// `8cut models remove`.
struct ModelsRemoveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove",
        abstract: "Delete what was downloaded of a checkpoint.",
        discussion: """
            Only files that 8cut has downloaded go, and of those only what nothing else
            in the cache refers to.
            """
    )

    @OptionGroup var model: ModelOptions

    func run() async throws {
        let (installed, _) = try model.find()
        let freed = try CheckpointRemoval(installed).run()
        writeLine(
            "removed \(installed.checkpoint.name): \(ByteCount.text(freed)) freed",
            to: STDOUT_FILENO
        )
    }
}
