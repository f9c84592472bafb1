/// The four weights of each target sample in one direction of a cubic interpolation.
struct CubicWeights: Sendable {
    /// The first of the four samples in the source, counted from two before it begins.
    let starts: [Int]
    /// The weights, which sum up to one.
    let weights: [SIMD4<Float>]

    init(from source: Int, to target: Int) {
        let scale = Float(source) / Float(target)
        var starts: [Int] = []
        var weights: [SIMD4<Float>] = []
        for index in 0..<target {
            let place = (-0.5 as Float).addingProduct(Float(index) + 0.5, scale)
            let floor = min(Int(place.rounded(.down)), source - 1)
            let part = min(max(place - Float(floor), 0), 1)
            starts.append(floor + 1)
            weights.append(
                SIMD4(
                    Self.outer(part + 1),
                    Self.inner(part),
                    Self.inner(1 - part),
                    Self.outer(2 - part)
                )
            )
        }
        self.starts = starts
        self.weights = weights
    }

    private static let a: Float = -0.75

    /// The kernel at distances up to 1.
    private static func inner(_ x: Float) -> Float {
        ((a + 2) * x - (a + 3)) * x * x + 1
    }

    /// The kernel at distances of 1 to 2.
    private static func outer(_ x: Float) -> Float {
        ((a * x - 5 * a) * x + 8 * a) * x - 4 * a
    }
}
