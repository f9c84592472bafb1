import ArgumentParser

/// `8cut library`: the clips that were exported.
struct LibraryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "library",
        abstract: "List, find, relabel, delete and check exported clips.",
        discussion: """
            The library is the file library.sqlite in ~/.8cut, or in the folder that EIGHTCUT_HOME \
            names. The app and several commands can use it at the same time.

            Examples:
              8cut library list --limit 10
              8cut library find dog bark
              8cut library list --sort score --below 0.6
              8cut library verdict reject 12
              8cut library relabel 12 --label "dog barking" --category Animal
              8cut library check --fix
            """,
        groupedSubcommands: [
            CommandGroup(
                name: "Query",
                subcommands: [
                    LibraryListCommand.self, LibraryFindCommand.self, LibraryShowCommand.self,
                    LibraryExportCommand.self,
                ]
            ),
            CommandGroup(
                name: "Review",
                subcommands: [
                    LibraryVerdictCommand.self, LibraryAgreementCommand.self,
                    LibraryCalibrationCommand.self,
                ]
            ),
            CommandGroup(
                name: "Maintenance",
                subcommands: [
                    LibraryImportCommand.self, LibraryRelabelCommand.self,
                    LibraryDeleteCommand.self, LibraryCheckCommand.self,
                ]
            ),
        ]
    )
}
