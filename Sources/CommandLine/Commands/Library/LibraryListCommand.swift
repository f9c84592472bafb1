import ArgumentParser

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

    @OptionGroup var filter: ClipFilterOptions

    @OptionGroup var table: ClipTableOptions

    func run() async throws { try await table.write(filter.filter) }
}
