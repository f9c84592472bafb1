/// N. Otsu, "A Threshold Selection Method from Gray-Level Histograms", IEEE Trans. SMC 9(1), 1979.
package enum OtsuThreshold {
    /// The level that best separates a histogram into two classes: those up to it and those above.
    ///
    /// OpenCV's `THRESH_OTSU` gives the same classes.
    ///
    /// - Parameter histogram: how often each level occurs, from 0 on.
    /// - Returns: the lowest of the best levels; 0 when there are no two classes.
    package static func level(of histogram: [Double]) -> Int {
        var best = 0.0
        var bestLevel = 0
        for (level, spread) in spreads(of: histogram).enumerated() where spread > best {
            best = spread
            bestLevel = level
        }
        return bestLevel
    }

    /// How far the two classes of each level are apart: the variance between them, times the
    /// square of the histogram's total.
    package static func spreads(of histogram: [Double]) -> [Double] {
        let total = histogram.reduce(0, +)
        var sum = 0.0
        for (level, count) in histogram.enumerated() { sum += Double(level) * count }
        var below = 0.0
        var sumBelow = 0.0
        return histogram.enumerated().map { level, count in
            below += count
            sumBelow += Double(level) * count
            let above = total - below
            guard below > 0, above > 0 else { return 0 }
            let gap = sumBelow / below - (sum - sumBelow) / above
            return below * above * gap * gap
        }
    }
}
