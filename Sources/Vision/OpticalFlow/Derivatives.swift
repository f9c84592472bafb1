/// Derivatives of the first image and the second one warped to it, in space of their mean, in time
/// of their difference; all by central differences, edges repeated.
struct Derivatives {
    private let level: FlowImage.Level
    private let stride: Int
    private let mean: UnsafeMutablePointer<Float>
    private let change: UnsafeMutablePointer<Float>
    /// 1 where the second image has the sample, 0 where motion leads out of it.
    private let known: UnsafeMutablePointer<Float>
    private let alongX: UnsafeMutablePointer<Float>
    private let alongY: UnsafeMutablePointer<Float>

    /// Samples on the left and on the right of a row that repeat its edges: rows are processed by
    /// eight, with a neighbour on both sides.
    private static let margin = 12

    init(_ scratch: UnsafeMutablePointer<Float>, _ level: FlowImage.Level) {
        self.level = level
        stride = Self.stride(level)
        let count = stride * level.height
        mean = scratch + Self.margin
        change = mean + count
        known = change + count
        alongX = known + count
        alongY = alongX + count
    }

    private static func stride(_ level: FlowImage.Level) -> Int {
        roundedUpToFour(level.width) + 2 * margin
    }

    static func floats(_ level: FlowImage.Level) -> Int {
        5 * stride(level) * level.height + margin
    }

    /// Fills `mean`, `change` and `known`: the second image is read along the motion, bilinear.
    func warp(
        _ first: UnsafePointer<Float>,
        _ second: UnsafePointer<Float>,
        _ u: UnsafePointer<Float>,
        _ v: UnsafePointer<Float>
    ) {
        let (lastX, lastY) = (Float(level.width - 1), Float(level.height - 1))
        let source = second + level.image
        for y in 0..<level.height {
            let image = first + level.image + y &* level.stride
            let start = y &* level.width
            let row = y &* stride
            for x in 0..<level.width {
                let (moveX, moveY) = (Float(x) + u[start &+ x], Float(y) + v[start &+ x])
                let (atX, atY) = (Self.clamped(moveX, lastX), Self.clamped(moveY, lastY))
                known[row &+ x] = moveX == atX && moveY == atY ? 1 : 0
                let (left, top) = (Int32(atX), Int32(atY))
                let (partX, partY) = (atX - Float(left), atY - Float(top))
                let corner = source + (Int(top) &* level.stride &+ Int(left))
                let upper = corner[0] + (corner[1] - corner[0]) * partX
                let lower =
                    corner[level.stride]
                    + (corner[level.stride &+ 1] - corner[level.stride]) * partX
                let warped = upper + (lower - upper) * partY
                mean[row &+ x] = (image[x] + warped) * 0.5
                change[row &+ x] = warped - image[x]
            }
            repeatEdges(mean + row)
            repeatEdges(change + row)
            repeatEdges(known + row)
        }
    }

    @inline(__always)
    private static func clamped(_ value: Float, _ last: Float) -> Float {
        value > 0 ? (value < last ? value : last) : 0
    }

    @inline(__always)
    private func repeatEdges(_ row: UnsafeMutablePointer<Float>) {
        let (first, last) = (row[0], row[level.width - 1])
        row[-1] = first
        for x in 0..<Self.margin - 1 { row[level.width &+ x] = last }
    }

    /// Fills `alongX` and `alongY`.
    func differentiate() {
        for y in 0..<level.height {
            let row = y &* stride
            let above = max(y &- 1, 0) &* stride
            let below = min(y &+ 1, level.height &- 1) &* stride
            var x = 0
            while x < level.width {
                let alongRow = (mean.four(row &+ x &+ 1) - mean.four(row &+ x &- 1)) * 0.5
                let alongColumn = (mean.four(below &+ x) - mean.four(above &+ x)) * 0.5
                alongX.store(alongRow, row &+ x)
                alongY.store(alongColumn, row &+ x)
                x &+= 4
            }
            repeatEdges(alongX + row)
            repeatEdges(alongY + row)
        }
    }

    /// Fills the data terms for changes of the whole motion, not only of what is added to the
    /// present one, (u, v).
    func fill(
        _ terms: DataTerms,
        _ rows: SplitRows,
        _ u: UnsafePointer<Float>,
        _ v: UnsafePointer<Float>
    ) {
        for y in 0..<level.height {
            let row = y &* stride
            let above = max(y &- 1, 0) &* stride
            let below = min(y &+ 1, level.height &- 1) &* stride
            var x = 0
            while x < level.width {
                let motionU = rows.load(u, y, x)
                let motionV = rows.load(v, y, x)
                let a = changes(row, above, below, x, motionU.first, motionV.first)
                let b = changes(row, above, below, x &+ 4, motionU.second, motionV.second)
                Self.store(a.brightness, b.brightness, terms.brightness, rows, y, x)
                Self.store(a.gradientX, b.gradientX, terms.gradientX, rows, y, x)
                Self.store(a.gradientY, b.gradientY, terms.gradientY, rows, y, x)
                x &+= 8
            }
        }
    }

    private struct Change {
        let x: Four
        let y: Four
        let t: Four

        @inline(__always)
        init(_ x: Four, _ y: Four, _ t: Four, _ u: Four, _ v: Four, _ known: Four) {
            let scale = known / (x * x + y * y + Derivatives.noise).squareRoot()
            self.x = x * scale
            self.y = y * scale
            self.t = (t - x * u - y * v) * scale
        }
    }

    @inline(__always)
    private func changes(
        _ row: Int,
        _ above: Int,
        _ below: Int,
        _ x: Int,
        _ u: Four,
        _ v: Four
    ) -> (brightness: Change, gradientX: Change, gradientY: Change) {
        let (here, left, right) = (row &+ x, row &+ x &- 1, row &+ x &+ 1)
        let (up, down) = (above &+ x, below &+ x)
        let counts = known.four(here)
        let xx = (alongX.four(right) - alongX.four(left)) * 0.5
        let xy = (alongX.four(down) - alongX.four(up)) * 0.5
        let yy = (alongY.four(down) - alongY.four(up)) * 0.5
        let xt = (change.four(right) - change.four(left)) * 0.5
        let yt = (change.four(down) - change.four(up)) * 0.5
        return (
            Change(alongX.four(here), alongY.four(here), change.four(here), u, v, counts),
            Change(xx, xy, xt, u, v, counts),
            Change(xy, yy, yt, u, v, counts)
        )
    }

    /// Added to squared gradients, in grey levels squared: below it, they are noise.
    private static let noise: Float = 0.01

    @inline(__always)
    private static func store(
        _ a: Change,
        _ b: Change,
        _ term: DataTerms.Term,
        _ rows: SplitRows,
        _ y: Int,
        _ x: Int
    ) {
        rows.store(a.x, b.x, term.x, y, x)
        rows.store(a.y, b.y, term.y, y, x)
        rows.store(a.t, b.t, term.t, y, x)
    }
}
