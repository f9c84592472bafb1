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
        self.score = score.map(Estimate.rounded)
        self.parts = parts.mapValues(Estimate.rounded)
        self.beginsShot = beginsShot
    }
}
