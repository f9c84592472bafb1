import Imaging

extension Plane {
    /// The level, 0...1, that best parts the values into two classes.
    var otsuLevel: Float {
        var histogram = [Double](repeating: 0, count: 256)
        let samples = values.span
        for index in 0..<count {
            histogram[Int(min(max(samples[unchecked: index], 0), 1) * 255)] += 1
        }
        return Float((Double(OtsuThreshold.level(of: histogram)) + 0.5) / 255)
    }
}
