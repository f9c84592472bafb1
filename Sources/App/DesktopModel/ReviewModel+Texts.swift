import ClipLibrary
import ClipReview
import Diagnostics
import Localization

// What the review says.
extension ReviewModel {
    /// "41 left · about 5:20".
    package var leftText: String {
        let count = pluralized("1 left", "%1 left", left)
        guard let time = pace.time(for: left), left > 0 else { return count }
        return count + " · " + localized("about %1", TimeText.whole(time))
    }

    /// "Score 0.63 · good: 72 %".
    package var scoreText: String {
        guard let shown else { return "" }
        guard let score = shown.score else { return localized("No score") }
        let text = localized("Score %1", Self.number(score))
        guard let calibration = figures.calibration else { return text }
        return text + " · "
            + localized("good: %1 %", "\(Self.percent(calibration.keep(score)))")
    }

    /// How many bad clips the threshold would leave, or what is missing to say that.
    package var outlookText: String {
        guard let outlook = figures.outlook else {
            return localized(
                "After %1 verdicts, %2 of them on samples, the scores become probabilities: %3 and %4 so far.",
                "\(Calibration.leastVerdicts)",
                "\(Calibration.leastRandom)",
                "\(figures.count.all)",
                "\(figures.count.random)"
            )
        }
        return localized(
            "From a score of %1 on: %2 clips, about %3 of them bad (95 %: %4 to %5).",
            Self.number(figures.threshold),
            "\(outlook.taken)",
            "\(Self.whole(outlook.bad))",
            "\(Self.whole(outlook.range.lowerBound))",
            "\(Self.whole(outlook.range.upperBound))"
        )
    }

    /// How far the person agrees with another; nil where nobody else has judged the same masks.
    package var agreementText: String? {
        guard let agreement = figures.agreement else { return nil }
        let text = localized(
            "You and %1 agree on %2 of %3 clips",
            displayed(agreement.second),
            "\(Self.whole(agreement.observed * Double(agreement.count)))",
            "\(agreement.count)"
        )
        guard let kappa = agreement.kappa else { return text }
        return text + " · " + localized("kappa %1", Self.number(kappa))
    }

    /// What the person has said about the clip that is shown.
    package var ownText: String? {
        shown?.own.map { localized("You: %1", Self.name(of: $0.verdict)) }
    }

    /// The frame that is shown, and its score, for screen readers.
    package var frameText: String {
        guard let shown, let deck else { return "" }
        let place = localized("frame %1 of %2", "\(deck.frame)", "\(shown.frames.values.count)")
        let values = shown.frames.values
        guard values.indices.contains(deck.frame), let score = values[deck.frame] else {
            return place
        }
        return localized("%1, score %2", place, Self.number(score))
    }

    /// What takes the clips that were kept out of the library.
    package static let exportCommand = "8cut dataset export --verdict keep --profile plain --to set"

    /// What is said after a verdict, with those of others.
    func text(after verdict: Verdict, _ others: [ClipVerdict]) -> String {
        let left =
            switch verdict {
            case .keep: pluralized("Kept, 1 left", "Kept, %1 left", left)
            case .reject: pluralized("Rejected, 1 left", "Rejected, %1 left", left)
            case .undecided: pluralized("Undecided, 1 left", "Undecided, %1 left", left)
            }
        let words = others.map {
            localized("%1: %2", displayed($0.reviewer), Self.name(of: $0.verdict))
        }
        return ([left] + words).joined(separator: " · ")
    }

    static func name(of verdict: Verdict) -> String {
        switch verdict {
        case .keep: localized("Keep")
        case .reject: localized("Reject")
        case .undecided: localized("Undecided")
        }
    }

    private static func percent(_ part: Double) -> Int { whole(part * 100) }

    private static func whole(_ value: Double) -> Int { Int(bounded(value, 0...1e9).rounded()) }

    /// With two digits behind the point.
    package nonisolated static func number(_ value: Double) -> String {
        let hundredths = Int((bounded(value, -100...100) * 100).rounded())
        let digits = abs(hundredths) % 100
        return (hundredths < 0 ? "-" : "") + "\(abs(hundredths) / 100)."
            + (digits < 10 ? "0" : "") + "\(digits)"
    }
}
