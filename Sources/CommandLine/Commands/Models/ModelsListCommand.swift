import ArgumentParser
import Checkpoints
import Diagnostics

/// `8cut models list`.
struct ModelsListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List all checkpoints and their state.",
        discussion: """
            Examples:
              8cut models list
              8cut models list --json
            """
    )

    @Flag(help: "Print a JSON array.")
    var json = false

    func run() async throws {
        let settings = try HubSettings.ofProcess()
        let rows = CheckpointCatalogue.all.map {
            ModelRow(InstalledCheckpoint($0, settings: settings, home: .current))
        }
        if json {
            try Listing.write(json: rows)
        } else {
            try Listing.write(table: rows)
        }
    }
}

/// A checkpoint in the list.
struct ModelRow: ListRow {
    let name: String
    let repository: String
    /// "depth", "segmentation", "detector", "speech", "sounds" or "shots".
    let kind: String
    /// In millions.
    let parameters: Double
    let bytes: Int
    let licence: String
    /// "missing", "incomplete" or "complete".
    let state: String
    /// Bytes that are there, when the checkpoint is incomplete.
    let bytesDone: Int?
    let folder: String?

    static let heading = ["NAME", "REPOSITORY", "PARAMETERS", "SIZE", "LICENCE", "STATE"]

    init(_ installed: InstalledCheckpoint) {
        let checkpoint = installed.checkpoint
        name = checkpoint.name
        repository = checkpoint.repository
        kind = checkpoint.kind.rawValue
        parameters = checkpoint.parameters
        licence = checkpoint.licence.rawValue
        switch installed.state {
        case .missing:
            (state, bytesDone, folder) = ("missing", nil, nil)
            bytes = checkpoint.bytes
        case .incomplete(let done, let total):
            (state, bytesDone, folder) = ("incomplete", done, nil)
            bytes = total
        case .complete(let path):
            (state, bytesDone, folder) = ("complete", nil, path.string)
            bytes = checkpoint.bytes
        }
    }

    /// The row of the table.
    var cells: [String] {
        [
            name, repository, "\(parameters) M", ByteCount.text(bytes), licence,
            folder != nil
                ? "downloaded"
                : bytesDone.map {
                    "incomplete, \(ByteCount.text($0)) of \(ByteCount.text(bytes))"
                } ?? "not downloaded",
        ]
    }
}
