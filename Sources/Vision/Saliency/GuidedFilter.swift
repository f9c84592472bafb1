/// K. He and J. Sun, "Fast Guided Filter", arXiv:1505.00996, 2015: the coefficients are found on
/// the small pictures and applied to the full-size luma, so that the map's outlines follow the
/// edges of the frame itself.
struct GuidedFilter {
    /// Half the side of the windows in which the map is taken for a linear function of luma.
    private static let radius = 2
    /// Contrast, with luma in 0...1, below which an edge does not guide.
    private static let smoothing: Float = 0.0012

    /// The result is `slope * luma + base`, with luma in 0...1.
    let slope: Plane
    let base: Plane

    /// - Parameters:
    ///   - guide: luma at the working size, 0...255.
    ///   - input: the map.
    ///   - noise: standard deviation of the full-size luma's noise in grey levels: an edge has to
    ///     be well above it, or the outline would flicker with the noise.
    init(guide: Plane, input: Plane, noise: Float) {
        let level = 2 * noise / 255
        let smoothing = Self.smoothing + level * level
        var products = Plane(unwritten: guide.width, guide.height)
        var squares = Plane(unwritten: guide.width, guide.height)
        var scaled = Plane(unwritten: guide.width, guide.height)
        do {
            let g = guide.values.span
            let p = input.values.span
            var product = products.values.mutableSpan
            var square = squares.values.mutableSpan
            var unit = scaled.values.mutableSpan
            for index in 0..<guide.count {
                let luma = g[unchecked: index] * (1 / 255)
                unit[unchecked: index] = luma
                product[unchecked: index] = luma * p[unchecked: index]
                square[unchecked: index] = luma * luma
            }
        }
        let meanGuide = scaled.boxMean(radius: Self.radius)
        let meanInput = input.boxMean(radius: Self.radius)
        var slopes = products.boxMean(radius: Self.radius)
        var bases = squares.boxMean(radius: Self.radius)
        do {
            let g = meanGuide.values.span
            let p = meanInput.values.span
            var product = slopes.values.mutableSpan
            var square = bases.values.mutableSpan
            for index in 0..<guide.count {
                let luma = g[unchecked: index]
                let covariance = product[unchecked: index] - luma * p[unchecked: index]
                let variance = max(square[unchecked: index] - luma * luma, 0)
                let a = covariance / (variance + smoothing)
                product[unchecked: index] = a
                square[unchecked: index] = p[unchecked: index] - a * luma
            }
        }
        slope = slopes.boxMean(radius: 1)
        base = bases.boxMean(radius: 1)
    }
}
