/// N. Otsu, "A Threshold Selection Method from Gray-Level Histograms", IEEE Trans. SMC 9(1), 1979.
enum OtsuThreshold {
    /// The level, 0...1, that best parts the values of a map into two classes.
    static func level(of map: Plane) -> Float {
        var histogram = [Int](repeating: 0, count: 256)
        let values = map.values.span
        for index in 0..<map.count {
            histogram[Int(min(max(values[unchecked: index], 0), 1) * 255)] += 1
        }
        let total = Double(map.count)
        var sum = 0.0
        for (level, count) in histogram.enumerated() { sum += Double(level * count) }
        var below = 0.0
        var sumBelow = 0.0
        var best = 0.0
        var bestLevel = 0.5
        for (level, count) in histogram.enumerated() {
            below += Double(count)
            sumBelow += Double(level * count)
            let above = total - below
            guard below > 0, above > 0 else { continue }
            let gap = sumBelow / below - (sum - sumBelow) / above
            let spread = below * above * gap * gap
            if spread > best {
                best = spread
                bestLevel = Double(level) + 0.5
            }
        }
        return Float(bestLevel / 255)
    }
}
