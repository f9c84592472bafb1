import ArgumentParser

/// `8cut library`: the clips that were cut.
struct LibraryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "library",
        abstract: "List, find, relabel, delete and check the clips that were cut.",
        discussion: """
            The library is the file library.sqlite in ~/.8cut; EIGHTCUT_HOME names another
            folder. The app and several commands can use it at the same time.

            Examples:
              8cut library list --limit 10
              8cut library find dog bark
              8cut library relabel 12 --label "dog barking" --category Animal
              8cut library check --fix
            """,
        subcommands: [
            LibraryListCommand.self, LibraryShowCommand.self, LibraryFindCommand.self,
            LibraryRelabelCommand.self, LibraryDeleteCommand.self, LibraryCheckCommand.self,
            LibraryExportCommand.self,
        ]
    )
}
