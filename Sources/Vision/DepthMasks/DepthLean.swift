/// Remembers for each sample on which side of the threshold it was, and how surely.
struct DepthLean: Sendable {
    /// -1 surely background, 1 surely object, for each sample; none at the start of a scene.
    private var sides: [Float] = []

    /// Moves values to the side on which they were, by no more than a width.
    ///
    /// What crosses the level by twice the width is on the other side at once.
    ///
    /// - Parameters:
    ///   - depth: the next map.
    ///   - level: the threshold.
    ///   - width: how far values near the level tremble.
    /// - Returns: the map with the values moved.
    mutating func lean(_ depth: DepthMap, about level: Float, width: Float) -> DepthMap {
        guard width > 0, level.isFinite else { return depth }
        if sides.isEmpty { sides = [Float](repeating: 0, count: depth.values.count) }
        let count = depth.values.count
        let moved = [Float](unsafeUninitializedCapacity: count) { target, written in
            written = count
            let values = depth.values.span
            var sides = self.sides.mutableSpan
            for index in 0..<count {
                let value = values[unchecked: index] + sides[unchecked: index] * width
                target[index] = value
                sides[unchecked: index] = min(max((value - level) / width, -1), 1)
            }
        }
        return DepthMap(width: depth.width, height: depth.height, values: moved)
    }
}
