import ArgumentParser
import ClipLibrary
import SystemPackage

/// `8cut library list`.
struct LibraryListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List clips, the latest first."
    )

    @Option(help: ArgumentHelp("Only clips with this label.", valueName: "words"))
    var label: String?

    @Option(help: ArgumentHelp("Only clips of this category.", valueName: "word"))
    var category: String?

    @Option(help: ArgumentHelp("Only clips in this folder.", valueName: "folder"))
    var folder: String?

    @OptionGroup var table: ClipTableOptions

    func validate() throws {
        if folder?.isEmpty == true { throw ValidationError("--folder is empty.") }
        try table.validate()
    }

    func run() async throws {
        var filter = ClipFilter()
        filter.label = label
        filter.category = category
        filter.folder = folder.map { FilePath($0).absolute.string }
        try await table.write(filter)
    }
}
