import ArgumentParser
import ClipLibrary
import ClipReview
import Diagnostics

/// `8cut library agreement`.
struct LibraryAgreementCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "agreement",
        abstract: "Print how far people agree on the same masks (Cohen's kappa).",
        discussion: """
            For each two people who have judged the same masks: on how many, the part on which they \
            agree, and Cohen's kappa, which is 1 where they agree on all and 0 where no more than \
            by chance. Above 0.6 people agree well; below 0.4 they should talk about what is good \
            enough.

            Examples:
              8cut library agreement
              8cut library agreement anna ben --json
            """
    )

    @Argument(
        help: ArgumentHelp("Two people; all pairs unless they are named.", valueName: "name")
    )
    var people: [String] = []

    @Flag(help: "Print a JSON array.")
    var json = false

    func validate() throws {
        guard people.isEmpty || people.count == 2 else {
            throw ValidationError("Name two people, or nobody.")
        }
    }

    func run() async throws {
        let library = try await Library.openForReading()
        let verdicts = try await library?.currentVerdicts() ?? []
        let pairs =
            people.isEmpty
            ? Agreement.all(verdicts)
            : [Agreement(verdicts, between: people[0], and: people[1])].compactMap(\.self)
        guard people.isEmpty || !pairs.isEmpty else {
            throw EightCutError(
                .inputMissing,
                "cannot compare the verdicts of \(quoted(people[0])) and \(quoted(people[1]))",
                because: "there are no masks that both have judged",
                remedy: "Let both judge the same clips, for example in 8cut-desktop --review."
            )
        }
        let rows = pairs.map(Row.init)
        if json { return try Listing.write(json: rows) }
        guard !rows.isEmpty else {
            return try Listing.write("no two people have judged the same masks")
        }
        try Listing.write(table: rows)
    }

    private struct Row: ListRow {
        let first: String
        let second: String
        /// Masks that both have judged.
        let clips: Int
        /// The part on which they agree.
        let agreement: Double
        /// Nil where both have only ever given the same one verdict.
        let kappa: Double?
        /// How often the first gave one verdict and the second another.
        let table: [String: [String: Int]]

        static let heading = ["FIRST", "SECOND", "CLIPS", "AGREEMENT", "KAPPA"]

        init(_ pair: Agreement) {
            (first, second, clips) = (pair.first, pair.second, pair.count)
            agreement = Self.digits(pair.observed)
            kappa = pair.kappa.map(Self.digits)
            table = Dictionary(
                uniqueKeysWithValues: zip(Agreement.order, pair.table).map { own, row in
                    let others = zip(Agreement.order.map(\.rawValue), row)
                    return (own.rawValue, Dictionary(uniqueKeysWithValues: others))
                }
            )
        }

        private static func digits(_ value: Double) -> Double { (value * 1000).rounded() / 1000 }

        var cells: [String] {
            [
                visible(first), visible(second), "\(clips)", "\(agreement)",
                kappa.map { "\($0)" } ?? "-",
            ]
        }
    }
}
