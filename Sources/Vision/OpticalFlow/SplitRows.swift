/// How the planes of the variational refinement are stored: in each row the even columns first,
/// then the odd ones. So the samples of one colour of a checkerboard, and their neighbours, are
/// consecutive in memory, four at a time.
///
///     a row:  gap of 4 | even columns | gap of 4 | odd columns
///
/// A row more above and below and the gaps hold what is read beyond the edges. Both halves are
/// rounded up to whole vectors.
struct SplitRows {
    let width: Int
    let height: Int
    /// Samples of a half, and rounded up.
    let half: Int
    let length: Int
    let stride: Int

    init(width: Int, height: Int) {
        (self.width, self.height) = (width, height)
        half = (width + 1) / 2
        length = roundedUpToFour(half)
        stride = 2 * (length + Self.gap)
    }

    private static let gap = 4

    /// Floats of a plane.
    var count: Int { stride * (height + 2) + Self.gap }

    /// From an even column to the odd one on its right.
    var toOdd: Int { length + Self.gap }

    /// The first even column of a row, from -1 to `height`.
    @inline(__always)
    func even(_ row: Int) -> Int { (row &+ 1) &* stride &+ Self.gap }

    /// The first odd column.
    @inline(__always)
    func odd(_ row: Int) -> Int { even(row) &+ toOdd }

    /// Sets what is outside the image and its rounded rows to zero.
    func clearOutside(_ plane: UnsafeMutablePointer<Float>) {
        plane.update(repeating: 0, count: stride + Self.gap)
        for row in 0..<height {
            (plane + even(row) - Self.gap).update(repeating: 0, count: Self.gap)
            (plane + odd(row) - Self.gap).update(repeating: 0, count: Self.gap)
        }
        (plane + even(height) - Self.gap).update(repeating: 0, count: stride)
    }

    /// Writes eight samples of a row, from an even column on.
    @inline(__always)
    func store(
        _ first: Four,
        _ second: Four,
        _ plane: UnsafeMutablePointer<Float>,
        _ row: Int,
        _ column: Int
    ) {
        let eight = SIMD8(lowHalf: first, highHalf: second)
        plane.store(eight.evenHalf, even(row) &+ column >> 1)
        plane.store(eight.oddHalf, odd(row) &+ column >> 1)
    }

    /// Eight samples of a row, from an even column on.
    @inline(__always)
    func load(
        _ plane: UnsafePointer<Float>,
        _ row: Int,
        _ column: Int
    ) -> (first: Four, second: Four) {
        var eight = SIMD8<Float>()
        eight.evenHalf = plane.four(even(row) &+ column >> 1)
        eight.oddHalf = plane.four(odd(row) &+ column >> 1)
        return (eight.lowHalf, eight.highHalf)
    }
}
