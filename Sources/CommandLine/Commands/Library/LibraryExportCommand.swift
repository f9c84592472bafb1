import ArgumentParser
import ClipLibrary
import SystemPackage

/// `8cut library export`.
struct LibraryExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write all that the library knows of finished clips, as JSON, or as CSV.",
        discussion: """
            Examples:
              8cut library export > clips.json
              8cut library export --csv --folder clips > clips.csv
            """
    )

    @Option(help: ArgumentHelp("Only clips in this folder.", valueName: "folder"))
    var folder: String?

    @OptionGroup var table: ClipTableOptions

    func validate() throws {
        if folder?.isEmpty == true { throw ValidationError("--folder is empty.") }
        try table.validate()
    }

    func run() async throws {
        var filter = ClipFilter()
        filter.folder = folder.map { FilePath($0).absolute.string }
        var table = self.table
        table.json = !table.csv
        try await table.write(filter)
    }
}
