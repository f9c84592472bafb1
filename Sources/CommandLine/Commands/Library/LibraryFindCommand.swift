import ArgumentParser
import ClipLibrary

/// `8cut library find`.
struct LibraryFindCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "find",
        abstract: "Find clips by words in their names, their labels and their videos' names."
    )

    @Argument(
        help: ArgumentHelp("All of them must be there; parts of words do.", valueName: "word")
    )
    var words: [String]

    @OptionGroup var table: ClipTableOptions

    func validate() throws {
        guard words.allSatisfy({ !$0.isEmpty }) else { throw ValidationError("A word is empty.") }
        try table.validate()
    }

    func run() async throws {
        var filter = ClipFilter()
        filter.words = words
        try await table.write(filter)
    }
}
