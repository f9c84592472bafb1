/// How much the colour of every place differs from the picture's border: the Mahalanobis distance
/// to the colours of each of the four border bands, the largest left out, since an object may
/// cover one. After the backgroundness map of MB+ in J. Zhang et al., ICCV 2015.
enum BorderContrast {
    /// Colours closer than this many grey levels are not told apart.
    private static let noise: Float = 3

    /// Means of the three smaller distances, in standard deviations of the bands' colours.
    static func measure(_ small: SmallFrame) -> Plane {
        let width = small.luma.width
        let height = small.luma.height
        // Thin bands, so that an object that nearly fills the frame does not fill them too.
        let band = max(1, min(width, height) / 40)
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
