extension DepthMap {
    /// Nothing that a lens can show sharply is nearer, in metres. It keeps a zero, or one sample
    /// gone wrong, from taking all of the range.
    static let nearestDistance: Float = 0.1

    /// Takes what a metric model says: distances in metres, larger is farther.
    ///
    /// Relative models are taught inverse distances, up to a factor and an offset that
    /// normalising takes away. So 1 / distance gives the masks that a relative model would give of
    /// the same scene. Distances with their sign changed would not: most of their range lies
    /// between what is far and what is farther, and there Otsu's level would come to lie.
    ///
    /// - Parameters:
    ///   - width: columns.
    ///   - height: rows.
    ///   - metres: `width * height` distances, row by row from the top.
    package init(width: Int, height: Int, metres: [Float]) {
        self.init(
            width: width,
            height: height,
            // What is not a number stays so, and is found when the limits are taken.
            values: metres.map { 1 / ($0 < Self.nearestDistance ? Self.nearestDistance : $0) }
        )
    }
}
