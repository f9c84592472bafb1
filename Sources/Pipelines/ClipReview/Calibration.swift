import ClipLibrary
import Glibc

/// From scores to the probability that a person keeps the masks: the isotonic regression of verdicts on
/// scores (R. E. Barlow et al., "Statistical inference under order restrictions", 1972).
///
/// A queue that begins with the worst clips shows hardly any good ones. So each verdict counts for as many
/// clips as it stands for: one on a clip that was the worst left, or that somebody has named, for itself;
/// one on a clip that was drawn at random, for its part of the clips that nobody has looked at.
package struct Calibration: Sendable {
    /// Verdicts that are needed, and how many of them on clips that were drawn at random.
    package static let leastVerdicts = 50
    package static let leastRandom = 15

    /// Scores from which on the probability is another one, ascending.
    package struct Step: Sendable, Equatable {
        /// The lowest score of the step.
        package let score: Double
        /// The probability that a person keeps such masks, 0…1.
        package let keep: Double

        package init(score: Double, keep: Double) {
            (self.score, self.keep) = (score, keep)
        }
    }

    package let steps: [Step]
    /// How many verdicts it is made of, and how many of them on clips that were drawn at random.
    package let count: (all: Int, random: Int)
    private let judged: [(score: Double, isKept: Bool, isRandom: Bool)]
    /// Scores of the clips that nobody has judged, ascending.
    private let rest: [Double]

    /// Nil where there are too few verdicts: `shortage` says how few.
    ///
    /// - Parameters:
    ///   - verdicts: the last word on each clip's latest masks; undecided ones do not count.
    ///   - unjudged: the scores of all clips without a verdict.
    package init?(_ verdicts: [ClipVerdict], unjudged: [Double]) {
        judged = Self.counted(verdicts).map { ($0.score, $0.isKept, $0.isRandom) }
        count = (judged.count, judged.count { $0.isRandom })
        guard count.all >= Self.leastVerdicts, count.random >= Self.leastRandom else { return nil }
        rest = unjudged.sorted()
        let weight = Double(rest.count) / Double(count.random)
        steps = Self.isotonic(
            judged.map { ($0.score, $0.isKept ? 1 : 0, $0.isRandom ? 1 + weight : 1) }
        )
    }

    /// How many verdicts there are of those that are needed.
    package static func shortage(_ verdicts: [ClipVerdict]) -> (all: Int, random: Int) {
        let counted = counted(verdicts)
        return (counted.count, counted.count { $0.isRandom })
    }

    private static func counted(
        _ verdicts: [ClipVerdict]
    ) -> [(score: Double, isKept: Bool, isRandom: Bool)] {
        verdicts.compactMap { verdict in
            guard let score = verdict.score, verdict.verdict != .undecided else { return nil }
            return (score, verdict.verdict == .keep, verdict.draw == .random)
        }
    }

    /// Weighted means that do not fall as scores rise, by pooling neighbours that do.
    package static func isotonic(
        _ values: [(score: Double, value: Double, weight: Double)]
    ) -> [Step] {
        var blocks: [(score: Double, sum: Double, weight: Double)] = []
        for value in values.sorted(by: { $0.score < $1.score }) {
            var block = (value.score, value.value * value.weight, value.weight)
            while let last = blocks.last,
                last.score == block.0 || last.sum / last.weight >= block.1 / block.2
            {
                blocks.removeLast()
                block = (last.score, last.sum + block.1, last.weight + block.2)
            }
            blocks.append(block)
        }
        return blocks.map { Step(score: $0.score, keep: $0.sum / $0.weight) }
    }

    /// The probability that a person keeps masks of a score, 0…1.
    package func keep(_ score: Double) -> Double {
        (steps.last { $0.score <= score } ?? steps[0]).keep
    }

    /// What a threshold would leave.
    package struct Outlook: Sendable, Equatable {
        /// Clips of this score or more that are not rejected.
        package let taken: Int
        /// How many of them a person would reject, about.
        package let bad: Double
        /// The same at least and at most, with a probability of 95 %.
        package let range: ClosedRange<Double>
    }

    /// What is left where only clips of a score or more are taken.
    ///
    /// Clips that were judged are known. Of the others, those that were drawn at random are an example: the
    /// range is that of their share of rejections after Jeffreys (L. D. Brown et al., "Interval estimation
    /// for a binomial proportion", Statistical Science 16, 2001).
    package func outlook(from threshold: Double) -> Outlook {
        let unknown = rest.filter { $0 >= threshold }
        let bad = unknown.reduce(0) { $0 + 1 - keep($1) }
        let examples = judged.filter { $0.isRandom && $0.score >= threshold }
        let kept = judged.count { $0.isKept && $0.score >= threshold }
        let share = BetaDistribution(
            Double(examples.count { !$0.isKept }) + 0.5,
            Double(examples.count { $0.isKept }) + 0.5
        )
        let (low, high) = (share.quantile(0.025), share.quantile(0.975))
        let total = Double(unknown.count)
        return Outlook(
            taken: unknown.count + kept,
            bad: bad,
            range: min(low * total, bad)...max(high * total, bad)
        )
    }
}

/// The beta distribution.
package struct BetaDistribution {
    private let a, b: Double

    package init(_ a: Double, _ b: Double) {
        (self.a, self.b) = (a, b)
    }

    /// The value below which a part of the distribution is.
    package func quantile(_ part: Double) -> Double {
        var (low, high) = (0.0, 1.0)
        for _ in 0..<60 {
            let middle = (low + high) / 2
            if cumulative(middle) < part { low = middle } else { high = middle }
        }
        return (low + high) / 2
    }

    /// The regularized incomplete beta function, by its continued fraction (Abramowitz and Stegun,
    /// "Handbook of mathematical functions", 26.5.8, in Lentz's form).
    func cumulative(_ x: Double) -> Double {
        guard x > 0 else { return 0 }
        guard x < 1 else { return 1 }
        let front = exp(
            lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log(1 - x)
        )
        return x < (a + 1) / (a + b + 2)
            ? front * Self.fraction(x, a, b) / a : 1 - front * Self.fraction(1 - x, b, a) / b
    }

    private static func fraction(_ x: Double, _ a: Double, _ b: Double) -> Double {
        let tiny = 1e-300
        func bounded(_ value: Double) -> Double { abs(value) < tiny ? tiny : value }
        var (c, d) = (1.0, 1 / bounded(1 - (a + b) * x / (a + 1)))
        var result = d
        for step in 1...300 {
            let m = Double(step)
            let even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
            let odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
            for term in [even, odd] {
                d = 1 / bounded(1 + term * d)
                c = bounded(1 + term / c)
                result *= c * d
            }
            if abs(c * d - 1) < 1e-12 { break }
        }
        return result
    }
}
