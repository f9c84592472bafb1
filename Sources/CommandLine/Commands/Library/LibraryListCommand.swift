import ArgumentParser
import ClipLibrary

/// `8cut library list`.
struct LibraryListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List clips, newest first.",
        usage: "8cut library list [<options>]",
        discussion: """
            Scores, 0 to 1, estimate how far the latest masks of a clip are right.

            Examples:
              8cut library list --limit 10
              8cut library list --category Animal --folder clips --json
              8cut library list --sort score --below 0.6
              8cut library list --verdict none
            """
    )

    @OptionGroup var filter: ClipFilterOptions

    @Option(
        help: ArgumentHelp(
            "The order: newest first, or lowest score first.",
            valueName: ClipFilter.Order.allCases.map(\.rawValue).joined(separator: "|")
        )
    )
    var sort = ClipFilter.Order.newest

    @Option(
        help: ArgumentHelp("Only clips whose masks have a lower score.", valueName: "score")
    )
    var below: Double?

    @OptionGroup var verdict: VerdictOption

    @OptionGroup var table: ClipTableOptions

    func validate() throws {
        try below?.checked(in: 0...1, named: "--below")
    }

    func run() async throws {
        var filter = filter.filter
        filter.order = sort
        filter.scoreBelow = below
        filter.verdict = verdict.filter
        try await table.write(filter)
    }
}

extension ClipFilter.Order: ExpressibleByArgument {}

/// Selects clips by what a person thinks of their masks.
struct VerdictOption: ParsableArguments {
    /// What can be asked for.
    enum Choice: String, ExpressibleByArgument, CaseIterable {
        case keep, reject, undecided, none

        var filter: VerdictFilter {
            switch self {
            case .keep: .given(.keep)
            case .reject: .given(.reject)
            case .undecided: .given(.undecided)
            case .none: .none
            }
        }
    }

    @Option(
        help: ArgumentHelp(
            "Only clips with this last word on their latest masks.",
            valueName: Choice.allCases.map(\.rawValue).joined(separator: "|")
        )
    )
    var verdict: Choice?

    /// Nil for all.
    var filter: VerdictFilter? { verdict.map(\.filter) }
}
