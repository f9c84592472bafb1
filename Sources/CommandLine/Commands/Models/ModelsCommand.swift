import ArgumentParser
import Checkpoints
import Files

/// `8cut models`: checkpoints.
struct ModelsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "models",
        abstract: "List, download, verify and remove checkpoints of neural networks.",
        discussion: """
            Checkpoints are stored in the cache that all programs of the Hugging Face hub share: \
            ~/.cache/huggingface/hub, or where HF_HOME or HF_HUB_CACHE point. Files that are there \
            are used without any network access. HF_ENDPOINT, HF_TOKEN and HF_HUB_OFFLINE are \
            honoured. silero-vad, fireredvad-aed and transnetv2 come in Python packages, from which \
            8cut takes them into its own folder.

            Examples:
              8cut models list
              8cut models download depth-anything-v2-small
              8cut models path sam2.1-hiera-tiny
            """,
        subcommands: [
            ModelsListCommand.self, ModelsDownloadCommand.self, ModelsPathCommand.self,
            ModelsVerifyCommand.self, ModelsRemoveCommand.self,
        ]
    )
}

/// The checkpoint that a command of `8cut models` works on.
struct CheckpointArgument: ParsableArguments {
    @Argument(
        help: ArgumentHelp("Checkpoint name, from 8cut models list.", valueName: "name"),
        completion: .list(CheckpointCatalogue.all.map(\.name))
    )
    var name: String

    /// What is installed of it, and where the hub and its cache are.
    ///
    /// - Throws: `EightCutError` when the name is not known or a variable makes no sense.
    func find() throws -> (installed: InstalledCheckpoint, settings: HubSettings) {
        let settings = try HubSettings.ofProcess()
        let installed = InstalledCheckpoint(
            try CheckpointCatalogue.named(name),
            settings: settings,
            home: .current
        )
        return (installed, settings)
    }
}
