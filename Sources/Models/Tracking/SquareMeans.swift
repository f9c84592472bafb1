/// Makes a square picture smaller: squares of neighbouring places become one.
package enum SquareMeans {
    /// The means.
    ///
    /// - Parameters:
    ///   - values: place by place, row by row: [rows · columns, channels].
    ///   - size: rows and columns, a multiple of `factor`.
    ///   - factor: rows and columns of a square.
    /// - Returns: [rows · columns / factor², channels].
    package static func of(_ values: [Float], size: Int, by factor: Int) -> [Float] {
        if factor == 1 { return values }
        let channels = values.count / (size * size)
        let small = size / factor
        var means = [Float](repeating: 0, count: small * small * channels)
        for place in 0..<size * size {
            let (row, column) = place.quotientAndRemainder(dividingBy: size)
            let target = (row / factor * small + column / factor) * channels
            for channel in 0..<channels {
                means[target + channel] += values[place * channels + channel]
            }
        }
        let share = 1 / Float(factor * factor)
        for index in means.indices { means[index] *= share }
        return means
    }
}
