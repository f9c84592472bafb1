import ArgumentParser

/// `8cut models`: checkpoints.
struct ModelsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "models",
        abstract: "List, download, check and remove the checkpoints of neural methods.",
        discussion: """
            Checkpoints go into the cache that all programs of the Hugging Face hub
            share (~/.cache/huggingface/hub; HF_HOME and HF_HUB_CACHE name another
            place). What is there is used without any network call. HF_ENDPOINT,
            HF_TOKEN and HF_HUB_OFFLINE are honoured.

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
