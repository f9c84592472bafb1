/// Two linear layers with nothing in between, as one: V (W x + b) + c = (V W) x + (V b + c). The
/// product of the matrices is worked out once, when the model is loaded, in double precision.
package struct ProjectionPair {
    private let first: Scope
    private let second: Scope
    private let widths: (inputs: Int, middle: Int, outputs: Int)
    private let isPointwise: Bool

    /// The layers whose `weight` and `bias` are at two places of the checkpoint.
    ///
    /// - Parameters:
    ///   - first: the layer that is applied first.
    ///   - second: the other one.
    ///   - widths: channels that go in, lie in between, and come out.
    ///   - isPointwise: whether the checkpoint has them as convolutions of one by one pixel.
    package init(
        first: Scope,
        second: Scope,
        widths: (inputs: Int, middle: Int, outputs: Int),
        isPointwise: Bool = true
    ) {
        self.first = first
        self.second = second
        self.widths = widths
        self.isPointwise = isPointwise
    }

    /// [rows, inputs] → [rows, outputs].
    package func callAsFunction(_ x: Value) -> Value {
        let (inputs, middle, outputs) = widths
        let kernel = isPointwise ? [1, 1] : []
        let sources: [(scope: Scope, name: String, shape: [Int])] = [
            (first, "weight", [middle, inputs] + kernel), (first, "bias", [middle]),
            (second, "weight", [outputs, middle] + kernel), (second, "bias", [outputs]),
        ]
        // Keys from the root, since the tensors are of two places.
        let root = first.builder.root
        let keys = sources.map { (name: $0.scope.tensorKey($0.name), shape: $0.shape) }
        let name = second.tensorKey("weight") + "*" + first.tensorKey("weight")
        let weight = root.computed(name, from: keys, shape: [outputs, inputs]) { tensors in
            Self.product(tensors[2], tensors[0], middle: middle, columns: inputs)
        }
        let bias = root.computed(name + "+bias", from: keys, shape: [outputs]) { tensors in
            let moved: [Float] = Self.product(tensors[2], tensors[1], middle: middle, columns: 1)
            return zip(moved, tensors[3]).map { $0 + $1 }
        }
        return x.multiplied(byRowsOf: weight, adding: bias)
    }

    /// The product of two matrices.
    private static func product(
        _ left: [Float],
        _ right: [Float],
        middle: Int,
        columns: Int
    ) -> [Float] {
        guard !left.isEmpty, !right.isEmpty else { return [] }
        let rows = left.count / middle
        var result = [Float](repeating: 0, count: rows * columns)
        var sums = [Double](repeating: 0, count: columns)
        for row in 0..<rows {
            for column in 0..<columns { sums[column] = 0 }
            for inner in 0..<middle {
                let factor = Double(left[row * middle + inner])
                for column in 0..<columns {
                    sums[column] += factor * Double(right[inner * columns + column])
                }
            }
            for column in 0..<columns { result[row * columns + column] = Float(sums[column]) }
        }
        return result
    }
}
