import ArgumentParser
import ClipLibrary
import ClipReview
import Diagnostics

/// `8cut library calibration`.
struct LibraryCalibrationCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "calibration",
        abstract: "Print what scores are worth, by the verdicts of people.",
        discussion: """
            For each threshold: how many clips have such a score or a higher one and are not \
            rejected, and how many of them a person would reject, with the range in which that \
            lies with a probability of 95 %. It takes \(Calibration.leastVerdicts) verdicts, of \
            which \(Calibration.leastRandom) on clips that a review has drawn at random.

            Examples:
              8cut library calibration
              8cut library calibration --threshold 0.6 --json
            """
    )

    @Option(
        parsing: .singleValue,
        help: ArgumentHelp(
            "A threshold. May be repeated. (default: 0, 0.1, … 0.9)",
            valueName: "score"
        )
    )
    var threshold: [Double] = []

    @Flag(help: "Print a JSON object.")
    var json = false

    func validate() throws {
        for value in threshold { try value.checked(in: 0...1, named: "--threshold") }
    }

    func run() async throws {
        let library = try await Library.openForReading()
        let state = try await ReviewState(of: library)
        guard let calibration = state.calibration else {
            let there = Calibration.shortage(state.verdicts)
            throw EightCutError(
                .inputMissing,
                "cannot calibrate the scores",
                because: "there are \(there.all) verdicts of \(Calibration.leastVerdicts) that are "
                    + "needed, and \(there.random) of \(Calibration.leastRandom) on clips that were "
                    + "drawn at random",
                remedy:
                    "Review more clips, in 8cut-desktop --review or on the page of 8cut review; "
                    + "both draw some at random."
            )
        }
        let thresholds = threshold.isEmpty ? (0..<10).map { Double($0) / 10 } : threshold
        let rows = thresholds.map { Row($0, calibration) }
        if json {
            try Listing.write(json: Report(calibration, rows))
        } else {
            try Listing.write(table: rows)
        }
    }

    private struct Report: Encodable {
        let verdicts: Int
        let random: Int
        let thresholds: [Row]

        init(_ calibration: Calibration, _ rows: [Row]) {
            (verdicts, random) = (calibration.count.all, calibration.count.random)
            thresholds = rows
        }
    }

    private struct Row: ListRow {
        let threshold: Double
        /// The probability that a person keeps a clip of just this score.
        let keep: Double
        /// Clips of this score or more that are not rejected.
        let clips: Int
        /// How many of them a person would reject.
        let bad: Double
        let leastBad: Double
        let mostBad: Double

        static let heading = ["THRESHOLD", "KEEP", "CLIPS", "BAD", "BETWEEN"]

        init(_ threshold: Double, _ calibration: Calibration) {
            let outlook = calibration.outlook(from: threshold)
            self.threshold = threshold
            keep = Self.digits(calibration.keep(threshold), 1000)
            clips = outlook.taken
            bad = Self.digits(outlook.bad, 10)
            leastBad = Self.digits(outlook.range.lowerBound, 10)
            mostBad = Self.digits(outlook.range.upperBound, 10)
        }

        private static func digits(_ value: Double, _ scale: Double) -> Double {
            (value * scale).rounded() / scale
        }

        var cells: [String] {
            ["\(threshold)", "\(keep)", "\(clips)", "\(bad)", "\(leastBad) and \(mostBad)"]
        }
    }
}
