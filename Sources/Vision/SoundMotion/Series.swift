/// Arithmetic on values over time.
enum Series {
    /// The order of the linear prediction: what a motion of some frames has in memory.
    private static let order = 3

    /// What cannot be predicted from the values before: the residual of a linear prediction, with
    /// mean 0 and mean square 1. Without this, two series that both change slowly correlate by
    /// chance.
    ///
    /// - Parameter values: at least one.
    /// - Returns: as many values; all 0 if they are constant.
    static func whitened(_ values: [Double]) -> [Double] {
        let centred = standardized(values)
        let factors = prediction(centred)
        let residual = centred.indices.map { index in
            factors.enumerated().reduce(centred[index]) { rest, factor in
                let before = index - 1 - factor.offset
                return before >= 0 ? rest - factor.element * centred[before] : rest
            }
        }
        return standardized(residual)
    }

    /// Mean 0 and mean square 1; all 0 if the values are constant.
    static func standardized(_ values: [Double]) -> [Double] {
        let count = Double(values.count)
        let mean = values.reduce(0, +) / count
        let centred = values.map { $0 - mean }
        let deviation = (centred.reduce(0) { $0 + $1 * $1 } / count).squareRoot()
        guard deviation > 1e-9 * max(1, abs(mean)) else {
            return [Double](repeating: 0, count: values.count)
        }
        return centred.map { $0 / deviation }
    }

    /// The factors of the values before, nearest first (Levinson's and Durbin's recursion).
    private static func prediction(_ values: [Double]) -> [Double] {
        let correlations = (0...order).map { lag in
            zip(values, values.dropFirst(lag)).reduce(0) { $0 + $1.0 * $1.1 }
        }
        var factors: [Double] = []
        var error = correlations[0]
        for lag in 1...order where error > 0 {
            let known = factors.enumerated().reduce(0) {
                $0 + $1.element * correlations[lag - 1 - $1.offset]
            }
            let reflection = (correlations[lag] - known) / error
            factors = zip(factors, factors.reversed()).map { $0 - reflection * $1 } + [reflection]
            error *= 1 - reflection * reflection
        }
        return factors
    }
}
