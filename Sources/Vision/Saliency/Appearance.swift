/// What stands out from the frame's border by its appearance alone, 0...1 in absolute terms: a
/// frame in which nothing does gives a map near 0.
struct Appearance {
    private typealias Tuning = SaliencyTuning.Appearance

    /// What stands out, 0...1.
    let saliency: Plane
    /// 0...1, how high the barrier is that separates a sample from the border.
    let separation: Plane

    init(_ small: SmallFrame) {
        let barrier = BarrierDistance.toBorder(small)
        let contrast = BorderContrast.measure(small)
        let width = barrier.width
        let height = barrier.height
        let ground = Self.backgroundLevel(barrier)
        var result = Plane(unwritten: width, height)
        let distance = barrier.values.span
        let deviation = contrast.values.span
        var target = result.values.mutableSpan
        var separated = Plane(unwritten: width, height)
        var part = separated.values.mutableSpan
        let centreX = Float(width - 1) / 2
        let centreY = Float(height - 1) / 2
        let scaleX = 1 / max(centreX, 1)
        let scaleY = 1 / max(centreY, 1)
        for y in 0..<height {
            let down = (Float(y) - centreY) * scaleY
            for x in 0..<width {
                let index = y &* width &+ x
                let across = (Float(x) - centreX) * scaleX
                let centre = 1 - Tuning.centreBias * (across * across + down * down)
                let above = max(distance[unchecked: index] - ground, 0)
                let separation = above / (above + Tuning.halfBarrier)
                part[unchecked: index] = separation
                let excess = deviation[unchecked: index] - Tuning.leastContrast
                let unlike = min(max(excess * Tuning.contrastSlope, 0), 1)
                target[unchecked: index] = (separation * unlike).squareRoot() * centre
            }
        }
        saliency = result
        self.separation = separated
    }

    /// The barriers that the background's own texture makes: what is usual just inside the border.
    private static func backgroundLevel(_ barrier: Plane) -> Float {
        let width = barrier.width
        let height = barrier.height
        let inset = max(Tuning.leastInset, min(width, height) / Tuning.ringFraction)
        guard width > 2 * inset, height > 2 * inset else { return 0 }
        var ring: [Float] = []
        for x in inset..<width - inset {
            ring.append(barrier.values[inset * width + x])
            ring.append(barrier.values[(height - 1 - inset) * width + x])
        }
        for y in inset..<height - inset {
            ring.append(barrier.values[y * width + inset])
            ring.append(barrier.values[y * width + width - 1 - inset])
        }
        ring.sort()
        let level = Tuning.ringScale * ring[ring.count / 2] + Tuning.ringOffset
        return min(level, Tuning.greatestRing)
    }
}

/// Minimum barrier distance of every sample to the frame's border: the least difference between
/// the brightest and the darkest sample on any path to it. J. Zhang et al., "Minimum Barrier
/// Salient Object Detection at 80 FPS", ICCV 2015: the raster-scan approximation FastMBD.
enum BarrierDistance {
    /// Distances summed over luma and both colour channels, in grey levels.
    static func toBorder(_ small: SmallFrame) -> Plane {
        let width = small.luma.width
        let height = small.luma.height
        let count = width * height
        let far: Float = 1e6
        // One lane for each channel: they share the scans but not the paths.
        var distances = [SIMD4<Float>](repeating: SIMD4(repeating: far), count: count)
        for x in 0..<width {
            distances[x] = .zero
            distances[count - width + x] = .zero
        }
        for y in 0..<height {
            distances[y * width] = .zero
            distances[y * width + width - 1] = .zero
        }
        var result = Plane(width: width, height: height)
        guard width > 2, height > 2 else { return result }
        var highest = small.colours
        var lowest = small.colours
        do {
            let sample = small.colours.span
            var distance = distances.mutableSpan
            var high = highest.mutableSpan
            var low = lowest.mutableSpan
            for pass in 0..<SaliencyTuning.Appearance.barrierPasses {
                let isForward = pass % 2 == 0
                let back = isForward ? -1 : 1
                for row in 1..<height - 1 {
                    let y = isForward ? row : height - 1 - row
                    // The neighbour along the row is the sample that was done last.
                    let start = y &* width &+ (isForward ? 0 : width - 1)
                    var lastHigh = high[unchecked: start]
                    var lastLow = low[unchecked: start]
                    for column in 1..<width - 1 {
                        let at = start &- back &* column
                        let value = sample[unchecked: at]
                        var best = distance[unchecked: at]
                        var bestHigh = high[unchecked: at]
                        var bestLow = low[unchecked: at]
                        let aside = at &+ back &* width
                        for step in 0..<2 {
                            let otherHigh = step == 0 ? high[unchecked: aside] : lastHigh
                            let otherLow = step == 0 ? low[unchecked: aside] : lastLow
                            let nearHigh = otherHigh.replacing(
                                with: value,
                                where: value .> otherHigh
                            )
                            let nearLow = otherLow.replacing(
                                with: value,
                                where: value .< otherLow
                            )
                            let barrier = nearHigh - nearLow
                            let better = barrier .< best
                            best.replace(with: barrier, where: better)
                            bestHigh.replace(with: nearHigh, where: better)
                            bestLow.replace(with: nearLow, where: better)
                        }
                        distance[unchecked: at] = best
                        high[unchecked: at] = bestHigh
                        low[unchecked: at] = bestLow
                        lastHigh = bestHigh
                        lastLow = bestLow
                    }
                }
            }
        }
        let distance = distances.span
        var target = result.values.mutableSpan
        for index in 0..<count {
            target[unchecked: index] = distance[unchecked: index].sum()
        }
        return result
    }
}

/// How much the colour of every sample differs from the frame's border: the Mahalanobis distance
/// to the colours of each of the four border bands, the largest left out, since an object may
/// cover one. After the backgroundness map of MB+ in J. Zhang et al., ICCV 2015.
enum BorderContrast {
    private typealias Tuning = SaliencyTuning.Appearance

    /// Means of the three smaller distances, in standard deviations of the bands' colours.
    static func measure(_ small: SmallFrame) -> Plane {
        let width = small.luma.width
        let height = small.luma.height
        let noise = Tuning.colourNoise
        let band = max(1, min(width, height) / Tuning.bandFraction)
        let bands = [
            ColourStatistics(small, columns: 0..<width, rows: 0..<band, noise: noise),
            ColourStatistics(small, columns: 0..<width, rows: height - band..<height, noise: noise),
            ColourStatistics(small, columns: 0..<band, rows: 0..<height, noise: noise),
            ColourStatistics(small, columns: width - band..<width, rows: 0..<height, noise: noise),
        ]
        var sum = Plane(width: width, height: height)
        var largest = Plane(width: width, height: height)
        let luma = small.luma.values.span
        let blue = small.blue.values.span
        let red = small.red.values.span
        var total = sum.values.mutableSpan
        var most = largest.values.mutableSpan
        for statistics in bands {
            let mean = statistics.mean
            let w = statistics.whitening
            for index in 0..<width * height {
                let a = luma[unchecked: index] - mean.0
                let b = blue[unchecked: index] - mean.1
                let c = red[unchecked: index] - mean.2
                let first = w.0 * a
                let second = w.1 * a + w.2 * b
                let third = w.3 * a + w.4 * b + w.5 * c
                let distance = (first * first + second * second + third * third).squareRoot()
                total[unchecked: index] += distance
                most[unchecked: index] = max(most[unchecked: index], distance)
            }
        }
        for index in 0..<width * height {
            total[unchecked: index] = (total[unchecked: index] - most[unchecked: index]) / 3
        }
        return sum
    }
}

/// Mean and spread of the colours of a rectangle.
struct ColourStatistics {
    /// Mean Y', Cb and Cr.
    let mean: (Float, Float, Float)
    /// Lower triangle, row by row, of the matrix that turns a difference of colours into one
    /// whose length is the Mahalanobis distance.
    let whitening: (Float, Float, Float, Float, Float, Float)

    init(_ small: SmallFrame, columns: Range<Int>, rows: Range<Int>, noise: Float) {
        let width = small.luma.width
        let colours = small.colours.span
        var sum = SIMD4<Float>.zero
        var squares = SIMD4<Float>.zero
        var products = SIMD4<Float>.zero
        for y in rows {
            for x in columns {
                let at = y &* width &+ x
                let colour = colours[unchecked: at] - 128
                sum += colour
                squares += colour * colour
                products +=
                    SIMD4(colour.y, colour.z, colour.z, 0)
                    * SIMD4(colour.x, colour.x, colour.y, 0)
            }
        }
        let count = Float(columns.count * rows.count)
        let m = sum / count
        mean = (m.x + 128, m.y + 128, m.z + 128)
        let floor = noise * noise
        let variance = squares / count - m * m
        let a = max(variance.x, 0) + floor
        let b = max(variance.y, 0) + floor
        let c = max(variance.z, 0) + floor
        let ab = products.x / count - m.x * m.y
        let ac = products.y / count - m.x * m.z
        let bc = products.z / count - m.y * m.z
        // Cholesky factor of the covariance, then its inverse. The floor on the diagonal keeps
        // every root away from 0 up to rounding, which the maxima take care of.
        let l00 = a.squareRoot()
        let l10 = ab / l00
        let l11 = max(b - l10 * l10, floor / 2).squareRoot()
        let l20 = ac / l00
        let l21 = (bc - l20 * l10) / l11
        let l22 = max(c - l20 * l20 - l21 * l21, floor / 2).squareRoot()
        let w00 = 1 / l00
        let w11 = 1 / l11
        let w22 = 1 / l22
        let w10 = -l10 * w00 * w11
        let w21 = -l21 * w11 * w22
        let w20 = -(l20 * w00 + l21 * w10) * w22
        whitening = (w00, w10, w11, w20, w21, w22)
    }
}
