import ArgumentParser
import ClipLibrary
import ClipReview
import Diagnostics
import MaskStore

/// `8cut library verdict`.
struct LibraryVerdictCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verdict",
        abstract: "Record what a person thinks of the latest masks of clips.",
        usage: "8cut library verdict (keep|reject|undecided) <clip> ... [<options>]",
        discussion: """
            A verdict is on the masks that the clip has now: new masks have none. The last one \
            counts, and dataset.json shows it. dataset export --verdict keep takes the clips that \
            were kept.

            Examples:
              8cut library verdict keep 12 13
              8cut library verdict reject clips/dog_001.mp4 --reviewer anna
            """
    )

    @Argument(
        help: ArgumentHelp(
            "The verdict: keep, reject or undecided.",
            valueName: Verdict.allCases.map(\.rawValue).joined(separator: "|")
        )
    )
    var verdict: Verdict

    @Argument(help: .clips)
    var clips: [ClipReference]

    @OptionGroup var person: ReviewerOption

    func run() async throws {
        let reviewer = try person.reviewer
        let library = try await Library.openExisting()
        let clips = try await self.clips.clips(in: library)
        guard let library else { return }
        try await CurrentMasks(library).refresh(clips)
        let reviews = try await library.reviews(of: clips.map(\.id))
        let time = ClipVerdict.now
        try await library.record(
            clips.map { clip in
                let masks = reviews[clip.id]?.masks
                return ClipVerdict(
                    clip: clip.id,
                    verdict,
                    by: reviewer.name,
                    at: time,
                    masksDigest: masks?.digest ?? "",
                    score: masks?.score
                )
            }
        )
        for path in try await library.publish(clips.map(\.id)) { DatasetFile.reportDamage(path) }
        let count = counted(clips.count, "clip")
        try Listing.write("\(count): \(verdict.rawValue), by \(visible(reviewer.name))")
    }
}

extension Verdict: ExpressibleByArgument {}

/// Who judges masks.
struct ReviewerOption: ParsableArguments {
    @Option(
        name: .customLong("reviewer"),
        help: ArgumentHelp("Who judges. (default: the login name)", valueName: "name")
    )
    var name: String?

    /// - Throws: `EightCutError` when the name cannot be used.
    var reviewer: Reviewer {
        get throws { try name.map { try Reviewer($0) } ?? .current }
    }

    func validate() throws { try name?.checkedNotEmpty(named: "--reviewer") }
}
