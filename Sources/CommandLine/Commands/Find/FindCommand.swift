import ArgumentParser

/// `8cut find`.
struct FindCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "find",
        abstract: "Find shots, and clips worth keeping, in long videos.",
        discussion: """
            A video is decoded once, and what is measured of it is kept, so that further questions \
            take no time: thresholds can be changed at will. Nothing is cut; the lists are for \
            8cut export --list and 8cut batch plan --from.

            Examples:
              8cut find scan video.mp4
              8cut find shots video.mp4 --output shots.edl
              8cut find sounds video.mp4 --top 50 --output found.csv
              8cut export --list found.csv --to clips
              8cut find why video.mp4 --at 1:02:03
            """,
        subcommands: [
            FindScanCommand.self, FindShotsCommand.self, FindSoundsCommand.self,
            FindWhyCommand.self,
        ]
    )
}
