import ArgumentParser
import Checkpoints
import Diagnostics
import Glibc

/// `8cut models path`.
struct ModelsPathCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "path",
        abstract: "Print the folder of a checkpoint that is downloaded."
    )

    @OptionGroup var model: ModelOptions

    func run() async throws {
        let (installed, settings) = try model.find()
        let folder = try CheckpointFolder.find(
            installed.checkpoint,
            settings: settings,
            home: installed.home
        )
        guard writeLine(folder.string, to: STDOUT_FILENO) else { throw ExitCode(128 + SIGPIPE) }
    }
}
