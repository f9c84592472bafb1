import ArgumentParser
import ClipLibrary

/// `8cut library find`.
struct LibraryFindCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "find",
        abstract: "Find clips by words in their names, labels and the names of their videos.",
        usage: "8cut library find <word> ... [<options>]",
        discussion: """
            Examples:
              8cut library find dog bark
              8cut library find dog --csv
            """
    )

    @Argument(help: ArgumentHelp("Words, or parts of words, that all occur.", valueName: "word"))
    var words: [String]

    @OptionGroup var table: ClipTableOptions

    func validate() throws {
        guard words.allSatisfy({ !$0.isEmpty }) else { throw ValidationError("A word is empty.") }
    }

    func run() async throws {
        var filter = ClipFilter()
        filter.words = words
        try await table.write(filter)
    }
}
