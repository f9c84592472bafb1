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
        let value = Double(value)
        self.value = value.isFinite ? (min(1, max(0, value)) * 1000).rounded() / 1000 : 0
    }

    /// The scores of the mask.
    package var scores: [String: Double] { [Self.score: value] }

    /// Whether scores have a confidence, and one that is too low.
    static func isLow(_ scores: [String: Double]) -> Bool {
        scores[score].map { $0 < level } ?? false
    }

    /// The mean over the frames of a clip.
    struct Mean: Sendable {
        private var sum = 0.0
        private var count = 0

        mutating func add(_ scores: [String: Double]?) {
            guard let value = scores?[score] else { return }
            sum += value
            count += 1
        }

        /// Rounded to three digits; nil where no frame has a confidence.
        var value: Double? {
            count > 0 ? min(1, max(0, (sum / Double(count) * 1000).rounded() / 1000)) : nil
        }
    }
}
