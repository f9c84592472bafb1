import ArgumentParser
import ClipLibrary

/// `8cut library list`.
struct LibraryListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List clips, newest first.",
        usage: "8cut library list [<options>]",
        discussion: """
            Examples:
              8cut library list --limit 10
              8cut library list --category Animal --folder clips --json
            """
    )

    @Option(help: ArgumentHelp("Only clips with this label.", valueName: "text"))
    var label: String?

    @Option(help: ArgumentHelp("Only clips of this category.", valueName: "word"))
    var category: String?

    @OptionGroup var folder: ClipFolderOption

    @OptionGroup var table: ClipTableOptions

    func run() async throws {
        var filter = ClipFilter()
        filter.label = label
        filter.category = category
        filter.folder = folder.path
        try await table.write(filter)
    }
}
