/// Adds to every cell of a grid a part of its neighbours, along one axis after the other.
enum GridBlur {
    /// - Parameters:
    ///   - cells: the grid, the last axis fastest.
    ///   - axes: cells along each axis.
    ///   - side: part of each of the two neighbours.
    ///   - repeatsEdges: whether a cell at the edge is its own neighbour; else nothing is there.
    static func apply(
        _ cells: inout [SIMD2<Float>],
        axes: [Int],
        side: Float,
        repeatsEdges: Bool
    ) {
        let longest = axes.max() ?? 1
        cells.withUnsafeMutableBufferPointer { cells in
            guard let base = cells.baseAddress else { return }
            let size = max(cells.count / max(axes.first ?? 1, 1), longest)
            withUnsafeTemporaryAllocation(of: SIMD2<Float>.self, capacity: 2 * size) { rows in
                guard let rows = rows.baseAddress else { return }
                var inner = 1
                for count in axes.reversed() {
                    let block = inner * count
                    for start in stride(from: 0, to: cells.count, by: block) {
                        blur(base + start, count, inner, rows, side, repeatsEdges)
                    }
                    inner = block
                }
            }
        }
    }

    /// One axis of `count` cells, each a run of `inner` numbers.
    private static func blur(
        _ cells: UnsafeMutablePointer<SIMD2<Float>>,
        _ count: Int,
        _ inner: Int,
        _ rows: UnsafeMutablePointer<SIMD2<Float>>,
        _ side: Float,
        _ repeatsEdges: Bool
    ) {
        // What the cell before was before it was changed.
        let previous = rows
        if repeatsEdges {
            previous.update(from: cells, count: inner)
        } else {
            previous.update(repeating: .zero, count: inner)
        }
        for place in 0..<count {
            let cell = cells + place &* inner
            let isLast = place == count &- 1
            if isLast, !repeatsEdges {
                for index in 0..<inner { cell[index] += previous[index] * side }
                continue
            }
            let next = isLast ? cell : cell + inner
            for index in 0..<inner {
                let own = cell[index]
                cell[index] = own + (previous[index] + next[index]) * side
                previous[index] = own
            }
        }
    }
}
