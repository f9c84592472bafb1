/// What DAVIS reports of a measure over the frames of a sequence (Perazzi et al., CVPR 2016).
package struct SequenceStatistics: Sendable, Equatable {
    /// The mean.
    package let mean: Double
    /// The part of the frames above 0.5.
    package let recall: Double
    /// How much is lost over the sequence: the mean of its first quarter less that of its last.
    package let decay: Double

    /// - Parameter values: the measure of each frame that counts; at least one.
    package init(_ values: [Double]) {
        precondition(!values.isEmpty, "statistics need a frame")
        mean = Self.mean(values[...])
        recall = Double(values.count { $0 > Self.success }) / Double(values.count)
        let edges = Self.edges(of: values.count)
        decay = Self.mean(values[edges[0]...edges[1]]) - Self.mean(values[edges[3]...edges[4]])
    }

    /// A frame counts as found above this value.
    private static let success = 0.5

    /// The frames at which the quarters begin and end: evenly spaced, rounded half up. Successive
    /// quarters share the frame between them, as in DAVIS's own evaluation. (That one keeps the
    /// numbers in eight bits, so its decay is another one for more than 256 frames, which no
    /// sequence of the benchmark has.)
    private static func edges(of count: Int) -> [Int] {
        (0...4).map { Int((Double($0 * (count - 1)) / 4 + 0.5).rounded(.down)) }
    }

    private static func mean(_ values: ArraySlice<Double>) -> Double {
        values.reduce(0, +) / Double(values.count)
    }
}
