/// How the brightness of one aligned frame follows from another's: exposure and flashes.
struct Brightness: Sendable {
    /// The other frame's luma is `gain * luma + offset`.
    var gain: Float = 1
    var offset: Float = 0
    /// Median of the absolute residuals in grey levels; infinite where nothing is known yet.
    var medianResidual: Float = .infinity

    /// What noise adds to a difference of colours, summed over the channels, in grey levels; 0
    /// for a clean video.
    var noise: Float {
        medianResidual.isFinite ? 3 * max(0, medianResidual - 1) : 0
    }

    /// Standard deviation of a frame's noise, from the median difference between two frames.
    var deviation: Float {
        medianResidual.isFinite ? 1.05 * medianResidual : 0
    }

    /// Number of histogram bins to a grey level.
    static let bins: Float = 4

    /// Fits the brightness between aligned planes; samples of `seen` below 0 do not count.
    ///
    /// - Parameters:
    ///   - frame: the luma that is explained by.
    ///   - seen: the other frame's luma, aligned.
    ///   - known: a fit to start from; what it cannot explain is left out.
    ///   - step: every how many-th row and column counts.
    init(_ frame: Plane, _ seen: Plane, known: Brightness = Brightness(), step: Int = 1) {
        let limit = max(3, 3 * known.medianResidual)
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
                let isOff = abs(second - known.gain * first - known.offset) > limit
                let weight: Float = second < 0 || isOff ? 0 : 1
                count += weight
                sumA += weight * first
                sumB += weight * second
                sumAA += weight * first * first
                sumAB += weight * first * second
            }
        }
        guard count > 8 else {
            self = known
            return
        }
        let meanA = sumA / count
        let meanB = sumB / count
        let variance = sumAA / count - meanA * meanA
        let covariance = sumAB / count - meanA * meanB
        // Pulled towards 1, as a picture without contrast says nothing about the gain.
        gain = min(max((covariance + 30) / (variance + 30), 0.6), 1.6)
        offset = meanB - gain * meanA
        medianResidual = Self.median(residuals(frame, seen, step: step))
    }

    /// A fit in two steps, the second without what the first could not explain.
    static func robust(_ frame: Plane, _ seen: Plane, step: Int = 1) -> Brightness {
        Brightness(frame, seen, known: Brightness(frame, seen, step: step), step: step)
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
