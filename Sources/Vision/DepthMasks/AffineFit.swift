/// How the values of one depth map become those of the next: `scale * value + shift`.
///
/// A relative model gives depth up to a factor and an offset, and chooses both anew in each frame.
struct AffineChange: Sendable, Equatable {
    var scale: Float = 1
    var shift: Float = 0

    func callAsFunction(_ value: Float) -> Float { scale * value + shift }

    func callAsFunction(_ limits: DepthLimits) -> DepthLimits {
        DepthLimits(farthest: self(limits.farthest), nearest: self(limits.nearest))
    }

    var inverse: AffineChange { AffineChange(scale: 1 / scale, shift: -shift / scale) }
}

/// Finds the change between two depth maps from samples at the same places, whatever part of the
/// frame has moved.
struct AffineFit: Sendable {
    /// The change from the first map to the second.
    private(set) var change: AffineChange
    /// Deviation of what did not move from the change, in the second map's values.
    private(set) var noise: Float = 0
    /// Part of the samples, 0...1, that the change does not explain.
    private(set) var unexplained: Float = 0

    /// Where Tukey's biweight reaches 0, in deviations: 95 % efficiency with normally distributed
    /// errors (P. Holland and R. Welsch, Communications in Statistics A6(9), 1977).
    private static let tukeyCutoff: Float = 4.685
    /// Deviations in a median of absolute, normally distributed errors.
    private static let deviationOfMedian: Float = 1.4826
    private static let rounds = 6
    /// Samples that are farther off count as unexplained, in deviations of the second map.
    private static let farOff: Float = 0.5

    /// Fits the change; nil when one of the maps is flat.
    init?(from first: [Float], to second: [Float]) {
        let all = [Float](repeating: 1, count: first.count)
        guard let whole = Moments(first, second, weights: all), whole.spreads.min() > 0 else {
            return nil
        }
        // Deviations and means do not depend on where things are: what moves is harmless yet.
        change = whole.change(scale: (whole.spreads.y / whole.spreads.x).squareRoot())
        var errors = residuals(first, second)
        for _ in 0..<Self.rounds {
            noise = Self.deviation(of: errors)
            let reach = max(Self.tukeyCutoff * noise, 1e-5 * whole.spreads.y.squareRoot())
            let weights = errors.map { error -> Float in
                let part = error / reach
                let rest = max(1 - part * part, 0)
                return rest * rest
            }
            guard let moments = Moments(first, second, weights: weights) else { break }
            // What did not move may have too little contrast to determine a scale.
            let isFlat = moments.spreads.x < 0.1 * whole.spreads.x || moments.spreads.y <= 0
            change = moments.change(
                scale: isFlat ? change.scale : (moments.spreads.y / moments.spreads.x).squareRoot()
            )
            errors = residuals(first, second)
        }
        noise = Self.deviation(of: errors)
        let limit = Self.farOff * whole.spreads.y.squareRoot()
        unexplained = Float(errors.count { abs($0) > limit }) / Float(errors.count)
    }

    private func residuals(_ first: [Float], _ second: [Float]) -> [Float] {
        zip(first, second).map { $1 - change($0) }
    }

    /// The deviation of normally distributed errors with this median of absolute values.
    private static func deviation(of errors: [Float]) -> Float {
        deviationOfMedian * errors.map(abs).sorted()[errors.count / 2]
    }

    /// Weighted means and variances. The scale is the ratio of the deviations, not the slope of a
    /// regression, which noise in the first map would flatten.
    private struct Moments {
        let means: SIMD2<Float>
        let spreads: SIMD2<Float>

        init?(_ first: [Float], _ second: [Float], weights: [Float]) {
            var total = 0.0
            var sums = SIMD2<Double>.zero
            for index in weights.indices {
                let weight = Double(weights[index])
                total += weight
                sums += weight * SIMD2(Double(first[index]), Double(second[index]))
            }
            guard total > 0 else { return nil }
            let means = sums / total
            var squares = SIMD2<Double>.zero
            for index in weights.indices {
                let offset = SIMD2(Double(first[index]), Double(second[index])) - means
                squares += Double(weights[index]) * offset * offset
            }
            self.means = SIMD2(Float(means.x), Float(means.y))
            spreads = SIMD2(Float(squares.x / total), Float(squares.y / total))
        }

        func change(scale: Float) -> AffineChange {
            AffineChange(scale: scale, shift: means.y - scale * means.x)
        }
    }
}
