/// How much the colour of every sample differs from the frame's border: the Mahalanobis distance
/// to the colours of each of the four border bands, the largest left out, since an object may
/// cover one. After the backgroundness map of MB+ in J. Zhang et al., ICCV 2015.
enum BorderContrast {
    /// Means of the three smaller distances, in standard deviations of the bands' colours.
    static func measure(
        _ places: ColourPlaces,
        _ tuning: SaliencyTuning.Appearance
    ) -> Plane {
        let width = places.width
        let height = places.height
        let noise = tuning.colourNoise
        let band = max(1, min(width, height) / tuning.bandFraction)
        let bands = [
            ColourStatistics(places, columns: 0..<width, rows: 0..<band, noise: noise),
            ColourStatistics(
                places,
                columns: 0..<width,
                rows: height - band..<height,
                noise: noise
            ),
            ColourStatistics(places, columns: 0..<band, rows: 0..<height, noise: noise),
            ColourStatistics(places, columns: width - band..<width, rows: 0..<height, noise: noise),
        ]
        var sum = Plane(width: width, height: height)
        var largest = Plane(width: width, height: height)
        let colours = places.values.span
        var total = sum.values.mutableSpan
        var most = largest.values.mutableSpan
        for statistics in bands {
            let mean = statistics.mean
            let w = statistics.whitening
            for index in 0..<width * height {
                let colour = colours[unchecked: index]
                let a = colour.x - mean.0
                let b = colour.y - mean.1
                let c = colour.z - mean.2
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
    /// Mean L, a and b.
    let mean: (Float, Float, Float)
    /// Lower triangle, row by row, of the matrix that turns a difference of colours into one
    /// whose length is the Mahalanobis distance.
    let whitening: (Float, Float, Float, Float, Float, Float)

    init(_ places: ColourPlaces, columns: Range<Int>, rows: Range<Int>, noise: Float) {
        let width = places.width
        let colours = places.values.span
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
