import ArgumentParser
import Checkpoints
import Files

/// The checkpoint that a command is about.
struct ModelOptions: ParsableArguments {
    @Argument(
        help: ArgumentHelp("The checkpoint, as 8cut models list names it.", valueName: "name"),
        completion: .list(CheckpointCatalogue.all.map(\.name))
    )
    var name: String

    /// What is there of it, and where the hub and its cache are.
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
