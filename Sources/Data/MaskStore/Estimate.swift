/// Estimates of 0…1 as the manifest has them: with three digits, since more mean nothing.
enum Estimate {
    static func rounded(_ value: Double) -> Double {
        value.isFinite ? (min(1, max(0, value)) * 1000).rounded() / 1000 : 0
    }

    /// The mean over the frames of a clip that have one.
    struct Mean: Sendable {
        private var sum = 0.0
        private var count = 0

        mutating func add(_ value: Double?) {
            guard let value else { return }
            sum += value
            count += 1
        }

        /// Nil where no frame has one.
        var value: Double? { count > 0 ? Estimate.rounded(sum / Double(count)) : nil }
    }
}
