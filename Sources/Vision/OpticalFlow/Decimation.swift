/// From one scale of an image to the next: half the width and the height.
///
/// The filter is (1, 3, 3, 1) / 8 in both directions. The mean of two by two samples would keep
/// much of the detail that half the samples cannot show; it appears as other detail, which
/// moves differently, and draws the flow towards whole samples.
enum Decimation {
    private static let inner: Float = 0.375
    private static let outer: Float = 0.125

    /// Fills the samples of a level. `source` gives the rows of the finer scale from -1 to twice
    /// the level's height, each with samples from -1 to twice the level's width.
    static func halve(
        into image: UnsafeMutablePointer<Float>,
        _ level: FlowImage.Level,
        from source: (Int) -> UnsafePointer<Float>
    ) {
        let count = 2 * level.width + 2
        withUnsafeTemporaryAllocation(of: Float.self, capacity: count + 8) { buffer in
            guard let start = buffer.baseAddress else { return }
            buffer.initialize(repeating: 0)
            let sums = start + 1
            for y in 0..<level.height {
                let (above, upper) = (source(2 &* y &- 1) - 1, source(2 &* y) - 1)
                let (lower, below) = (source(2 &* y &+ 1) - 1, source(2 &* y &+ 2) - 1)
                for index in 0..<count {
                    start[index] =
                        (upper[index] + lower[index]) * inner
                        + (above[index] + below[index]) * outer
                }
                let row = image + y &* level.stride
                var x = 0
                while x < level.width {
                    // The rounded end is overwritten when edges are repeated.
                    row.store(horizontal(sums, 2 &* x), x)
                    x &+= 4
                }
            }
        }
    }

    /// Four sums from the sample on.
    @inline(__always)
    private static func horizontal(_ sums: UnsafePointer<Float>, _ start: Int) -> Four {
        let before = eight(sums, start &- 1)
        let here = eight(sums, start)
        let after = eight(sums, start &+ 1)
        return (here.evenHalf + here.oddHalf) * inner + (before.evenHalf + after.oddHalf) * outer
    }

    @inline(__always)
    private static func eight(_ values: UnsafePointer<Float>, _ start: Int) -> SIMD8<Float> {
        SIMD8(lowHalf: values.four(start), highHalf: values.four(start &+ 4))
    }

    /// Fills the finest level from the image itself: means of squares of samples down to twice
    /// its size, then as between scales.
    static func reduce(
        _ luma: UnsafeBufferPointer<UInt8>,
        _ width: Int,
        _ height: Int,
        into image: UnsafeMutablePointer<Float>,
        _ level: FlowImage.Level
    ) {
        guard level.scale > 0 else {
            for y in 0..<level.height {
                let row = image + y &* level.stride
                for x in 0..<level.width { row[x] = Float(luma[y &* width &+ x]) }
            }
            return
        }
        let side = 1 << (level.scale - 1)
        let (columns, rows) = (width / side, height / side)
        let stride = columns + 4
        // The last four rows, and what the last vector reads beyond them.
        withUnsafeTemporaryAllocation(of: Float.self, capacity: 4 * stride + 16) { buffer in
            guard let start = buffer.baseAddress else { return }
            buffer.initialize(repeating: 0)
            var next = 0
            halve(into: image, level) { wanted in
                let wanted = min(max(wanted, 0), rows - 1)
                while next <= wanted {
                    let row = start + (next & 3) &* stride + 1
                    fill(row, luma, width, columns, side, next)
                    row[-1] = row[0]
                    row[columns] = row[columns - 1]
                    next += 1
                }
                return UnsafePointer(start + (wanted & 3) &* stride + 1)
            }
        }
    }

    /// One row of means of `side` by `side` samples.
    @inline(__always)
    private static func fill(
        _ row: UnsafeMutablePointer<Float>,
        _ luma: UnsafeBufferPointer<UInt8>,
        _ width: Int,
        _ columns: Int,
        _ side: Int,
        _ y: Int
    ) {
        guard let source = luma.baseAddress else { return }
        let start = source + y &* side &* width
        if side == 1 {
            for x in 0..<columns { row[x] = Float(start[x]) }
            return
        }
        let part = 1 / Float(side * side)
        for x in 0..<columns {
            var sum: Int32 = 0
            for dy in 0..<side {
                for dx in 0..<side {
                    sum &+= Int32(start[dy &* width &+ x &* side &+ dx])
                }
            }
            row[x] = Float(sum) * part
        }
    }
}
