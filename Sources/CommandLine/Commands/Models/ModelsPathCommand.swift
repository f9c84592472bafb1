import ArgumentParser
import Checkpoints

/// `8cut models path`.
struct ModelsPathCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "path",
        abstract: "Print the folder of a downloaded checkpoint.",
        discussion: """
            Examples:
              8cut models path sam2.1-hiera-tiny
            """
    )

    @OptionGroup var model: CheckpointArgument

    func run() async throws {
        let (installed, settings) = try model.find()
        let folder = try CheckpointFolder.find(
            installed.checkpoint,
            settings: settings,
            home: installed.home
        )
        try Listing.write(folder.string)
    }
}
