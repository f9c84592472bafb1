/// How far one mask can be trusted, without knowing the true one.
package struct MaskJudgement: Sendable, Equatable {
    /// An estimate of the IoU with the true mask, 0…1; nil where that is not known yet.
    package var score: Double?
    /// What the score is made of, each 0…1; more is better. docs/reference/score.md describes them.
    package var parts: [String: Double]
    /// Whether another shot begins with the frame.
    package var beginsShot: Bool

    /// - Parameters:
    ///   - score: the estimate.
    ///   - parts: what it is made of.
    ///   - beginsShot: whether another shot begins with the frame.
    package init(
        score: Double? = nil,
        parts: [String: Double] = [:],
        beginsShot: Bool = false
    ) {
        self.score = score.map(Self.rounded)
        self.parts = parts.mapValues(Self.rounded)
        self.beginsShot = beginsShot
    }

    /// With three digits: more mean nothing.
    private static func rounded(_ value: Double) -> Double {
        value.isFinite ? (min(1, max(0, value)) * 1000).rounded() / 1000 : 0
    }

    /// The mean of scores.
    package struct Mean: Sendable {
        private var sum = 0.0
        private var count = 0

        package init() {}

        package mutating func add(_ score: Double?) {
            guard let score else { return }
            sum += score
            count += 1
        }

        /// Nil where there is no score.
        package var value: Double? {
            count > 0 ? MaskJudgement.rounded(sum / Double(count)) : nil
        }
    }
}
