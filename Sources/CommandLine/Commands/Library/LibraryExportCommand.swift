import ArgumentParser
import ClipLibrary

/// `8cut library export`.
struct LibraryExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write the records of all finished clips, as JSON or as CSV.",
        usage: "8cut library export [<options>]",
        discussion: """
            Examples:
              8cut library export > clips.json
              8cut library export --csv --folder clips > clips.csv
            """
    )

    @OptionGroup var folder: ClipFolderOption

    @OptionGroup var table: ClipTableOptions

    func run() async throws {
        var filter = ClipFilter()
        filter.folder = folder.path
        try await table.write(filter, asJSON: true)
    }
}
