/// How far a mask can be trusted, 0…1: an estimate of its IoU with the true object, by methods that
/// give one.
package struct MaskConfidence: Sendable {
    /// Below this, masks are probably not right.
    package static let level = 0.5
    /// The name of the score.
    static let score = "confidence"

    private let value: Double

    /// - Parameter value: the estimate; it is rounded to three digits, so that the manifest has no
    ///   digits that mean nothing.
    package init(_ value: Float) {
        self.value = Estimate.rounded(Double(value))
    }

    /// The scores of the mask.
    package var scores: [String: Double] { [Self.score: value] }

    /// The confidence that scores have.
    static func value(in scores: [String: Double]?) -> Double? { scores?[score] }

    /// Whether scores have a confidence, and one that is too low.
    static func isLow(_ scores: [String: Double]) -> Bool {
        value(in: scores).map { $0 < level } ?? false
    }
}
