/// How well a camera motion explains one frame's luma by another's, and the step to a better one.
struct CameraFit {
    private typealias Tuning = SaliencyTuning.Camera

    private let frame: Plane
    /// The other frame seen through the motion, or `Warp.outside`.
    private let seen: Plane
    /// How the other frame's brightness follows from this one's.
    let brightness: BrightnessChange

    init(
        from frame: Plane,
        to other: Plane,
        motion: CameraMotion,
        initial: BrightnessChange = BrightnessChange()
    ) {
        self.frame = frame
        seen = Warp(motion, width: frame.width, height: frame.height)
            .apply(to: other, outside: Warp.outside)
        brightness = BrightnessChange(frame, seen, initial: initial)
    }

    /// Mean absolute residual in grey levels.
    var meanResidual: Float {
        var total = 0
        var sum = 0
        for (bin, count) in brightness.residuals(frame, seen).enumerated() {
            total += count
            sum += count * bin
        }
        return total > 0 ? Float(sum) / Float(total) / BrightnessChange.bins : .infinity
    }

    /// The Gauss-Newton step: from the frame's positions to slightly different ones of the frame,
    /// found from every `every`-th row; nil where the frame does not determine a motion.
    func step(every: Int) -> CameraMotion? {
        let width = frame.width
        let height = frame.height
        let unit = Float(max(width, height)) / 2
        let (gain, offset) = (brightness.gain, brightness.offset)
        let cutoff = max(Tuning.residualCutoff * brightness.medianResidual, Tuning.leastCutoff)
        let inverseCutoff = 1 / cutoff
        let fraction = Tuning.borderFraction
        let slope = 0.5 * gain * unit
        var equations = AffineEquations()
        let a = frame.values.span
        let b = seen.values.span
        let centreX = Float(width - 1) / 2
        let centreY = Float(height - 1) / 2
        for y in stride(from: 1, to: height - 1, by: every) {
            let isOuterRow = y * fraction < height || (height - 1 - y) * fraction < height
            equations.beginRow()
            for x in 1..<width - 1 {
                let at = y &* width &+ x
                let other = b[unchecked: at]
                let residual = other - gain * a[unchecked: at] - offset
                let ratio = residual * inverseCutoff
                let rest = 1 - ratio * ratio
                if other < 0 || rest <= 0 { continue }
                let isOuter =
                    isOuterRow || x * fraction < width || (width - 1 - x) * fraction < width
                let weight = isOuter ? rest * rest : rest * rest * Tuning.innerWeight
                equations.add(
                    gradientX: (a[unchecked: at &+ 1] - a[unchecked: at &- 1]) * slope,
                    gradientY: (a[unchecked: at &+ width] - a[unchecked: at &- width]) * slope,
                    residual: residual,
                    weight: weight,
                    x: (Float(x) - centreX) / unit
                )
            }
            equations.endRow(y: (Float(y) - centreY) / unit)
        }
        return equations.solved()
    }
}

/// The normal equations of an affine motion, accumulated sample by sample.
struct AffineEquations {
    /// Upper half of the symmetric 6 x 6 matrix is enough, but all of it is kept.
    private var matrix = [Double](repeating: 0, count: 36)
    private var right = [Double](repeating: 0, count: 6)
    // Sums of one row of samples: powers of x times products of the gradient.
    private var xx0: Float = 0
    private var xx1: Float = 0
    private var xx2: Float = 0
    private var xy0: Float = 0
    private var xy1: Float = 0
    private var xy2: Float = 0
    private var yy0: Float = 0
    private var yy1: Float = 0
    private var yy2: Float = 0
    private var xr0: Float = 0
    private var xr1: Float = 0
    private var yr0: Float = 0
    private var yr1: Float = 0

    mutating func beginRow() {
        xx0 = 0
        xx1 = 0
        xx2 = 0
        xy0 = 0
        xy1 = 0
        xy2 = 0
        yy0 = 0
        yy1 = 0
        yy2 = 0
        xr0 = 0
        xr1 = 0
        yr0 = 0
        yr1 = 0
    }

    @inline(__always)
    mutating func add(
        gradientX: Float,
        gradientY: Float,
        residual: Float,
        weight: Float,
        x: Float
    ) {
        let weightedX = gradientX * weight
        let weightedY = gradientY * weight
        let xx = weightedX * gradientX
        let xy = weightedX * gradientY
        let yy = weightedY * gradientY
        xx0 += xx
        xx1 += xx * x
        xx2 += xx * x * x
        xy0 += xy
        xy1 += xy * x
        xy2 += xy * x * x
        yy0 += yy
        yy1 += yy * x
        yy2 += yy * x * x
        let xr = weightedX * residual
        let yr = weightedY * residual
        xr0 += xr
        xr1 += xr * x
        yr0 += yr
        yr1 += yr * x
    }

    /// Adds the row's sums; `y` is the row's position.
    mutating func endRow(y: Float) {
        // The unknowns are xx - 1, xy, dx and yx, yy - 1, dy: gradient times (x, y, 1).
        addBlock(row: 0, column: 0, sums: (xx0, xx1, xx2), y: y)
        addBlock(row: 0, column: 3, sums: (xy0, xy1, xy2), y: y)
        addBlock(row: 3, column: 0, sums: (xy0, xy1, xy2), y: y)
        addBlock(row: 3, column: 3, sums: (yy0, yy1, yy2), y: y)
        right[0] += Double(xr1)
        right[1] += Double(xr0 * y)
        right[2] += Double(xr0)
        right[3] += Double(yr1)
        right[4] += Double(yr0 * y)
        right[5] += Double(yr0)
    }

    private mutating func addBlock(
        row: Int,
        column: Int,
        sums: (Float, Float, Float),
        y: Float
    ) {
        let products = [
            sums.2, sums.1 * y, sums.1,
            sums.1 * y, sums.0 * y * y, sums.0 * y,
            sums.1, sums.0 * y, sums.0,
        ]
        for i in 0..<3 {
            for j in 0..<3 {
                matrix[(row + i) * 6 + column + j] += Double(products[i * 3 + j])
            }
        }
    }

    /// Solves by Cholesky's method; nil where the frame does not determine a motion.
    func solved() -> CameraMotion? {
        var lower = matrix
        let strongest = max(matrix[14], matrix[35])
        guard strongest > SaliencyTuning.Camera.ridge else { return nil }
        for i in 0..<6 {
            let isShift = i % 3 == 2
            let ridge =
                isShift ? SaliencyTuning.Camera.shiftRidge : SaliencyTuning.Camera.deformationRidge
            lower[i * 7] += strongest * ridge + SaliencyTuning.Camera.ridge
        }
        var solution = right
        for i in 0..<6 {
            for j in 0...i {
                var sum = lower[i * 6 + j]
                for k in 0..<j { sum -= lower[i * 6 + k] * lower[j * 6 + k] }
                if i == j {
                    guard sum > 0 else { return nil }
                    lower[i * 7] = sum.squareRoot()
                } else {
                    lower[i * 6 + j] = sum / lower[j * 7]
                }
            }
        }
        for i in 0..<6 {
            for k in 0..<i { solution[i] -= lower[i * 6 + k] * solution[k] }
            solution[i] /= lower[i * 7]
        }
        for i in stride(from: 5, through: 0, by: -1) {
            for k in i + 1..<6 { solution[i] -= lower[k * 6 + i] * solution[k] }
            solution[i] /= lower[i * 7]
        }
        let step = CameraMotion(
            xx: 1 + Float(solution[0]),
            xy: Float(solution[1]),
            dx: Float(solution[2]),
            yx: Float(solution[3]),
            yy: 1 + Float(solution[4]),
            dy: Float(solution[5])
        )
        return step.isPlausible ? step : nil
    }
}
