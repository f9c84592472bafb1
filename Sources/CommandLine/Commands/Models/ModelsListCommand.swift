import ArgumentParser
import Checkpoints
import Diagnostics
import Files
import FoundationEssentials
import Glibc
import Progress

/// `8cut models list`.
struct ModelsListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Show all checkpoints and what is there of them."
    )

    @Flag(help: "As a JSON array.")
    var json = false

    func run() async throws {
        let settings = try HubSettings.ofProcess()
        let rows = CheckpointCatalogue.all.map {
            ModelRow(InstalledCheckpoint($0, settings: settings, home: .current))
        }
        let text: String
        if json {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            text = String(decoding: try encoder.encode(rows), as: UTF8.self)
        } else {
            text = TextTable.lines([ModelRow.heading] + rows.map(\.cells))
        }
        guard writeLine(text, to: STDOUT_FILENO) else { throw ExitCode(128 + SIGPIPE) }
    }
}
