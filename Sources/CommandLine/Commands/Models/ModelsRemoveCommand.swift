import ArgumentParser
import Checkpoints
import Diagnostics

/// `8cut models remove`.
struct ModelsRemoveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove",
        abstract: "Delete a downloaded checkpoint.",
        discussion: """
            Deletes only files that 8cut has downloaded and that nothing else in the cache \
            refers to.

            Examples:
              8cut models remove sam2.1-hiera-tiny
            """
    )

    @OptionGroup var model: CheckpointArgument

    func run() async throws {
        let (installed, _) = try model.find()
        let freed = try CheckpointRemoval(installed).run()
        try Listing.write(
            "removed \(installed.checkpoint.name): \(ByteCount.text(freed)) freed"
        )
    }
}
