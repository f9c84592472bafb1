import ArgumentParser
import ClipLibrary
import ClipReview
import Diagnostics
import MaskStore
import Progress
import ReviewPage
import SystemPackage

/// `8cut review`.
struct ReviewCommand: AdvisingCommand, JobCommand {
    static let configuration = CommandConfiguration(
        commandName: "review",
        abstract: "Make a web page on which a person judges masks.",
        usage: "8cut review [<options>] --html <folder>",
        discussion: """
            The page shows clips of the library with their masks over them, the worst score first, \
            and every fourth one drawn at random. It needs no server: open index.html in any \
            browser, or copy the folder to where a phone finds it. It saves a file of verdicts for \
            8cut library import --verdicts.

            The same command makes only what is missing. Clips that cannot be shown are named; the \
            exit status is 65 then.

            Examples:
              8cut review --html review
              8cut review --html review --limit 200 --category Animal
              8cut review --html second --verdict undecided --reviewer maria
            """
    )

    static let remedies = Remedies(
        output: "--html",
        byCode: [.outputUnusable: "Choose a folder that you may write to, with --html."]
    )

    @Option(
        help: ArgumentHelp("The folder that the page is written into.", valueName: "folder"),
        completion: .directory
    )
    var html: String

    @OptionGroup var filter: ClipFilterOptions

    @Option(help: ArgumentHelp("Only clips whose masks have a lower score.", valueName: "score"))
    var below: Double?

    @Option(
        help: ArgumentHelp(
            "Only clips whose masks have this verdict, or none of anybody. (default: clips that "
                + "the reviewer has not judged)",
            valueName: "none|keep|reject|undecided"
        )
    )
    var verdict: VerdictOption.Choice?

    @Option(help: ArgumentHelp("Maximum number of clips.", valueName: "count"))
    var limit: Int?

    @OptionGroup var person: ReviewerOption

    @Option(help: ArgumentHelp("Columns of the small videos, at most.", valueName: "pixels"))
    var width = 320

    @OptionGroup var progress: ProgressOptions

    func validate() throws {
        try html.checkedNotEmpty(named: "--html")
        try below?.checked(in: 0...1, named: "--below")
        try limit?.checked(in: 1...1_000_000, named: "--limit")
        try width.checked(in: 64...1920, named: "--width")
    }

    func run() async throws {
        let reviewer = try person.reviewer
        var filter = filter.filter
        filter.scoreBelow = below
        filter.verdict = verdict?.filter
        let selection = PageSelection(filter, reviewer, limit: limit)
        let (folder, width) = (FilePath(html).absolute, self.width)
        try await runJob { reporter in
            let meter = ProgressMeter()
            try reporter.report(
                .started(.init(job: "review", input: "", output: folder.string))
            )
            let summary = try await PageRun(
                try await Library.openExisting(),
                selection,
                in: folder,
                width: width,
                reporter: reporter
            ).run()
            return ProgressEvent.Finished(
                meter,
                exitStatus: summary.failed == 0 ? 0 : ErrorCode.inputUnusable.exitStatus
            ) { seconds in
                "\(counted(summary.shown, "clip")) on the page, "
                    + "\(counted(summary.made, "overlay")) made in \(seconds) s"
            }
        }
    }
}
