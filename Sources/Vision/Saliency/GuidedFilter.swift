/// K. He and J. Sun, "Fast Guided Filter", arXiv:1505.00996, 2015: coefficients are found at the
/// map's size and applied to the full-size luma, so that outlines follow the edges of the frame.
struct GuidedFilter {
    /// The result is `slope * luma + base`, with luma in 0…1.
    let slope: Plane
    let base: Plane

    /// - Parameters:
    ///   - guide: luma at the map's size, 0…1.
    ///   - input: the map.
    ///   - tuning: radii and smoothing.
    init(guide: Plane, input: Plane, tuning: SaliencyTuning.Outline) {
        var products = Plane(unwritten: guide.width, guide.height)
        var squares = Plane(unwritten: guide.width, guide.height)
        for index in 0..<guide.count {
            let luma = guide.values[index]
            products.values[index] = luma * input.values[index]
            squares.values[index] = luma * luma
        }
        let meanGuide = guide.boxMean(radius: tuning.filterRadius)
        let meanInput = input.boxMean(radius: tuning.filterRadius)
        var slopes = products.boxMean(radius: tuning.filterRadius)
        var bases = squares.boxMean(radius: tuning.filterRadius)
        for index in 0..<guide.count {
            let (luma, value) = (meanGuide.values[index], meanInput.values[index])
            let covariance = slopes.values[index] - luma * value
            let variance = max(bases.values[index] - luma * luma, 0)
            let a = covariance / (variance + tuning.smoothing)
            slopes.values[index] = a
            bases.values[index] = value - a * luma
        }
        slope = slopes.boxMean(radius: tuning.coefficientRadius)
        base = bases.boxMean(radius: tuning.coefficientRadius)
    }
}
