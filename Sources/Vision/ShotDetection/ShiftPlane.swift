/// A small plane of luma that is compared with another one at many shifts.
struct ShiftPlane: Sendable {
    let width: Int
    let height: Int
    /// [height × width] 0…255.
    let values: [Int16]
    /// [(height + 1) × (width + 1)] sums of all values above and to the left.
    private let sums: [Int32]
    /// The same of their squares.
    private let squares: [Int32]

    init(_ values: [Int16], width: Int, height: Int) {
        (self.values, self.width, self.height) = (values, width, height)
        let stride = width + 1
        var sums = [Int32](repeating: 0, count: stride * (height + 1))
        var squares = sums
        for row in 0..<height {
            var (sum, square) = (Int32(0), Int32(0))
            for column in 0..<width {
                let value = Int32(values[row * width + column])
                sum &+= value
                square &+= value &* value
                let place = (row + 1) * stride + column + 1
                sums[place] = sums[place - stride] &+ sum
                squares[place] = squares[place - stride] &+ square
            }
        }
        (self.sums, self.squares) = (sums, squares)
    }

    /// The correlation of this plane with another one, moved so that its value at (column + x, row + y)
    /// lies on this one's at (column, row), in what both have: -1…1.
    ///
    /// Parts without contrast correlate with nothing: their variance counts as that of noise.
    func correlation(with other: ShiftPlane, x: Int, y: Int) -> Float {
        let (columns, rows) = (width - abs(x), height - abs(y))
        guard columns > 0, rows > 0 else { return -1 }
        let (left, top) = (max(0, -x), max(0, -y))
        var product: Int32 = 0
        values.withUnsafeBufferPointer { mine in
            other.values.withUnsafeBufferPointer { others in
                for row in top..<top &+ rows {
                    let from = row &* width &+ left
                    let to = (row &+ y) &* width &+ left &+ x
                    for index in 0..<columns {
                        product &+= Int32(mine[from &+ index]) &* Int32(others[to &+ index])
                    }
                }
            }
        }
        let count = Float(columns * rows)
        let (sum, square) = moments(left, top, columns, rows)
        let (otherSum, otherSquare) = other.moments(left + x, top + y, columns, rows)
        let variance = square / count - sum / count * (sum / count)
        let otherVariance =
            otherSquare / count - otherSum / count * (otherSum / count)
        let covariance = Float(product) / count - sum / count * (otherSum / count)
        return covariance
            / ((variance + Self.noise) * (otherVariance + Self.noise)).squareRoot()
    }

    /// Variance that is taken for noise.
    private static let noise: Float = 4

    private func moments(
        _ left: Int,
        _ top: Int,
        _ columns: Int,
        _ rows: Int
    ) -> (sum: Float, square: Float) {
        let stride = width + 1
        let (upper, lower) = (top * stride, (top + rows) * stride)
        func total(_ table: [Int32]) -> Float {
            let right = table[lower + left + columns] &- table[upper + left + columns]
            return Float(right &- (table[lower + left] &- table[upper + left]))
        }
        return (total(sums), total(squares))
    }
}

/// By how much the camera has moved between two frames, as far as a shift of the whole frame can
/// express it.
struct GlobalShift: Sendable {
    /// Columns and rows in cells of `ReducedFrame.luma`.
    let x: Int
    let y: Int
    /// How alike the frames are at this shift: the correlation of their luma, -1…1, which brightness
    /// and contrast do not change.
    let correlation: Float

    /// The largest shift, as parts of the width and the height.
    private static let reach = (x: 0.32, y: 0.28)

    /// A shift at which the frames are so alike is not improved upon.
    private static let alike: Float = 0.95

    /// Searches the neighbours of no shift at a quarter of the size; if the frames are not alike there,
    /// all shifts at an eighth, then the neighbours of the best one at a quarter.
    init(from earlier: ReducedFrame, to later: ReducedFrame) {
        var best = (x: 0, y: 0, correlation: Float(-1))
        func search(_ first: ShiftPlane, _ second: ShiftPlane, _ columns: [Int], _ rows: [Int]) {
            for y in rows {
                for x in columns {
                    let correlation = second.correlation(with: first, x: x, y: y)
                    if correlation > best.correlation { best = (x, y, correlation) }
                }
            }
        }
        search(earlier.luma, later.luma, [0, -1, 1], [0, -1, 1])
        if best.correlation < Self.alike {
            let near = best
            best.correlation = -1
            let reachX = Int(Double(later.coarse.width) * Self.reach.x)
            let reachY = Int(Double(later.coarse.height) * Self.reach.y)
            search(
                earlier.coarse,
                later.coarse,
                Array(-reachX...reachX),
                Array(-reachY...reachY)
            )
            let (x, y) = (2 * best.x, 2 * best.y)
            best = near
            search(earlier.luma, later.luma, [x, x - 1, x + 1], [y, y - 1, y + 1])
        }
        (x, y, correlation) = best
    }
}
