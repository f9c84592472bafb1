/// The position of every sample in another frame: a camera motion evaluated once for all the planes
/// that are warped by it.
struct Warp: Sendable {
    /// Marks samples that come from outside the other frame.
    static let outside: Float = -1

    /// Index of the upper left of the four samples to mix, and the parts to mix them by.
    private let corners: [Int32]
    private let partsX: [Float]
    private let partsY: [Float]
    /// 1 where a position is inside the other frame, else 0.
    private let inside: [Float]
    private let width: Int
    private let height: Int

    init(_ motion: CameraMotion, width: Int, height: Int) {
        self.width = width
        self.height = height
        let count = width * height
        var corners = [Int32](unsafeUninitializedCapacity: count) { $1 = count }
        var partsX = [Float](unsafeUninitializedCapacity: count) { $1 = count }
        var partsY = [Float](unsafeUninitializedCapacity: count) { $1 = count }
        var inside = [Float](unsafeUninitializedCapacity: count) { $1 = count }
        let map = motion.inSamples(width: width, height: height)
        let lastX = Float(width - 1)
        let lastY = Float(height - 1)
        let cornerX = Float(max(width - 2, 0))
        let cornerY = Float(max(height - 2, 0))
        let stride = Float(width)
        let tolerance = SaliencyTuning.Camera.edgeTolerance
        let columns = (0..<width).map { Float($0) }
        let column = columns.span
        var corner = corners.mutableSpan
        var partX = partsX.mutableSpan
        var partY = partsY.mutableSpan
        var within = inside.mutableSpan
        for y in 0..<height {
            let startX = map.xy * Float(y) + map.x0
            let startY = map.yy * Float(y) + map.y0
            let row = y &* width
            for x in 0..<width {
                let rawX = startX + map.xx * column[unchecked: x]
                let rawY = startY + map.yx * column[unchecked: x]
                let lowX = rawX < 0 ? 0 : rawX
                let lowY = rawY < 0 ? 0 : rawY
                let clampedX = lowX > lastX ? lastX : lowX
                let clampedY = lowY > lastY ? lastY : lowY
                let away = max(abs(rawX - clampedX), abs(rawY - clampedY))
                let left = Self.whole(clampedX, upTo: cornerX)
                let top = Self.whole(clampedY, upTo: cornerY)
                let index = top * stride + left + Self.shift
                within[unchecked: row &+ x] = away > tolerance ? 0 : 1
                corner[unchecked: row &+ x] = Int32(
                    truncatingIfNeeded: index.bitPattern & 0x7F_FFFF
                )
                partX[unchecked: row &+ x] = clampedX - left
                partY[unchecked: row &+ x] = clampedY - top
            }
        }
        (self.corners, self.partsX, self.partsY, self.inside) = (corners, partsX, partsY, inside)
    }

    /// A number from here to twice as much has no bits for fractions, and its lower 23 bits are
    /// what was added: whole numbers that compile to code for many samples at once.
    private static let shift: Float = 8_388_608

    /// The whole part of a number that is not negative; of a whole number it may be one less.
    @inline(__always)
    private static func whole(_ value: Float, upTo last: Float) -> Float {
        let less = value - 0.5
        let number = ((less < 0 ? 0 : less) + shift) - shift
        return number < last ? number : last
    }

    /// A plane of the other frame as seen from this one, bilinear; `outside` beyond its edges.
    func apply(to plane: Plane, outside: Float) -> Plane {
        var result = Plane(unwritten: width, height)
        let right = width > 1 ? 1 : 0
        let below = height > 1 ? width : 0
        let source = plane.values.span
        let corner = corners.span
        let partX = partsX.span
        let partY = partsY.span
        let within = inside.span
        var target = result.values.mutableSpan
        for index in 0..<plane.count {
            let at = Int(corner[unchecked: index])
            let a = source[unchecked: at]
            let b = source[unchecked: at &+ right]
            let c = source[unchecked: at &+ below]
            let d = source[unchecked: at &+ below &+ right]
            let part = partX[unchecked: index]
            let upper = a + (b - a) * part
            let lower = c + (d - c) * part
            let value = upper + (lower - upper) * partY[unchecked: index]
            target[unchecked: index] = within[unchecked: index] > 0 ? value : outside
        }
        return result
    }

    /// The same for samples of four lanes.
    func apply(to samples: [SIMD4<Float>], outside: SIMD4<Float>) -> [SIMD4<Float>] {
        var result = [SIMD4<Float>](repeating: outside, count: samples.count)
        let right = width > 1 ? 1 : 0
        let below = height > 1 ? width : 0
        let source = samples.span
        let corner = corners.span
        let partX = partsX.span
        let partY = partsY.span
        let within = inside.span
        var target = result.mutableSpan
        for index in 0..<source.count where within[unchecked: index] > 0 {
            let at = Int(corner[unchecked: index])
            let a = source[unchecked: at]
            let c = source[unchecked: at &+ below]
            let part = partX[unchecked: index]
            let upper = a + (source[unchecked: at &+ right] - a) * part
            let lower = c + (source[unchecked: at &+ below &+ right] - c) * part
            target[unchecked: index] = upper + (lower - upper) * partY[unchecked: index]
        }
        return result
    }
}

/// How the brightness of one aligned frame follows from another's: exposure and flashes.
struct BrightnessChange: Sendable {
    private typealias Tuning = SaliencyTuning.Brightness

    /// The other frame's luma is `gain * luma + offset`.
    var gain: Float = 1
    var offset: Float = 0
    /// Median of the absolute residuals in grey levels; infinite before a fit.
    var medianResidual: Float = .infinity

    /// What noise adds to a difference of colours, summed over the channels, in grey levels; 0
    /// for a clean video.
    var noise: Float {
        medianResidual.isFinite
            ? Tuning.noiseScale * max(0, medianResidual - Tuning.cleanResidual) : 0
    }

    /// Standard deviation of a frame's noise, from the median difference between two frames.
    var deviation: Float {
        medianResidual.isFinite ? Tuning.deviationOfDifference * medianResidual : 0
    }

    /// Number of histogram bins to a grey level.
    static let bins: Float = 4

    /// Fits the brightness between aligned planes; samples of `seen` below 0 do not count.
    ///
    /// - Parameters:
    ///   - frame: the luma that explains the other.
    ///   - seen: the other frame's luma, aligned.
    ///   - initial: a fit to start from; what it cannot explain is left out.
    ///   - step: every how many-th row and column counts.
    init(
        _ frame: Plane,
        _ seen: Plane,
        initial: BrightnessChange = BrightnessChange(),
        step: Int = 1
    ) {
        let limit = max(Tuning.outlierLevel, Tuning.outlierMedians * initial.medianResidual)
        let a = frame.values.span
        let b = seen.values.span
        var count: Float = 0
        var sumA: Float = 0
        var sumB: Float = 0
        var sumAA: Float = 0
        var sumAB: Float = 0
        for y in stride(from: 0, to: frame.height, by: step) {
            for x in stride(from: y % step, to: frame.width, by: step) {
                let index = y &* frame.width &+ x
                let first = a[unchecked: index]
                let second = b[unchecked: index]
                let isOff = abs(second - initial.gain * first - initial.offset) > limit
                let weight: Float = second < 0 || isOff ? 0 : 1
                count += weight
                sumA += weight * first
                sumB += weight * second
                sumAA += weight * first * first
                sumAB += weight * first * second
            }
        }
        guard count > Tuning.leastSamples else {
            self = initial
            return
        }
        let meanA = sumA / count
        let meanB = sumB / count
        let variance = sumAA / count - meanA * meanA
        let covariance = sumAB / count - meanA * meanB
        let ratio = (covariance + Tuning.gainPrior) / (variance + Tuning.gainPrior)
        gain = min(max(ratio, Tuning.leastGain), Tuning.greatestGain)
        offset = meanB - gain * meanA
        medianResidual = Self.median(residuals(frame, seen, step: step))
    }

    /// A fit in two steps, the second without what the first could not explain.
    static func robust(_ frame: Plane, _ seen: Plane, step: Int = 1) -> BrightnessChange {
        let first = BrightnessChange(frame, seen, step: step)
        return BrightnessChange(frame, seen, initial: first, step: step)
    }

    init() {}

    /// Histogram of the absolute residuals, `bins` to a grey level.
    func residuals(_ frame: Plane, _ seen: Plane, step: Int = 1) -> [Int] {
        var histogram = [Int](repeating: 0, count: 256)
        var counts = histogram.mutableSpan
        let a = frame.values.span
        let b = seen.values.span
        for y in stride(from: 0, to: frame.height, by: step) {
            for x in stride(from: y % step, to: frame.width, by: step) {
                let index = y &* frame.width &+ x
                let second = b[unchecked: index]
                if second < 0 { continue }
                let residual = abs(second - gain * a[unchecked: index] - offset)
                counts[unchecked: Int(min(residual * Self.bins, 255))] += 1
            }
        }
        return histogram
    }

    private static func median(_ histogram: [Int]) -> Float {
        let total = histogram.reduce(0, +)
        var below = 0
        for (bin, count) in histogram.enumerated() {
            below += count
            if 2 * below >= total { return (Float(bin) + 0.5) / bins }
        }
        return 0
    }
}
