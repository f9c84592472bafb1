/// A symmetric, positive definite system of linear equations, solved by Cholesky's method.
struct LinearEquations: Sendable {
    let count: Int
    private var matrix: [Double]
    var right: [Double]

    init(count: Int) {
        self.count = count
        matrix = [Double](repeating: 0, count: count * count)
        right = [Double](repeating: 0, count: count)
    }

    subscript(row: Int, column: Int) -> Double {
        get { matrix[row * count + column] }
        set { matrix[row * count + column] = newValue }
    }

    /// Sets an entry and the one that mirrors it.
    mutating func set(_ row: Int, _ column: Int, _ value: Double) {
        self[row, column] = value
        self[column, row] = value
    }

    /// The unknowns; zeros where the matrix is not positive definite.
    func solved() -> [Double] {
        var factor = matrix
        let zeros = [Double](repeating: 0, count: count)
        for row in 0..<count {
            for column in 0...row {
                var sum = factor[row * count + column]
                for k in 0..<column {
                    sum -= factor[row * count + k] * factor[column * count + k]
                }
                if row == column {
                    guard sum > 0 else { return zeros }
                    factor[row * count + row] = sum.squareRoot()
                } else {
                    factor[row * count + column] = sum / factor[column * count + column]
                }
            }
        }
        var result = right
        for row in 0..<count {
            for k in 0..<row { result[row] -= factor[row * count + k] * result[k] }
            result[row] /= factor[row * count + row]
        }
        for row in stride(from: count - 1, through: 0, by: -1) {
            for k in row + 1..<max(count, row + 1) {
                result[row] -= factor[k * count + row] * result[k]
            }
            result[row] /= factor[row * count + row]
        }
        return result
    }
}
