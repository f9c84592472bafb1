/// x Wᵀ + b for every row of x.
package struct Linear {
    private let scope: Scope
    private let inputs: Int
    private let outputs: Int
    private let hasBias: Bool
    /// Which rows of the checkpoint's matrix are the layer's, and how many there are; nil for all.
    private let part: (rows: Range<Int>, whole: Int)?

    /// The layer whose `weight` and `bias` are at a place of the checkpoint.
    ///
    /// - Parameters:
    ///   - scope: the place.
    ///   - inputs: length of a row of x.
    ///   - outputs: length of a row of the result.
    ///   - hasBias: whether there is a `bias`.
    package init(
        _ scope: Scope,
        _ inputs: Int,
        _ outputs: Int,
        hasBias: Bool = true
    ) {
        self.scope = scope
        self.inputs = inputs
        self.outputs = outputs
        self.hasBias = hasBias
        part = nil
    }

    /// A layer whose `weight` and `bias` are some rows of those at a place of the checkpoint, which
    /// holds several layers in one.
    ///
    /// - Parameters:
    ///   - scope: the place.
    ///   - inputs: length of a row of x.
    ///   - outputs: length of a row of the result; as many as `rows`.
    ///   - rows: the rows that are this layer's.
    ///   - whole: how many there are in all.
    package init(_ scope: Scope, _ inputs: Int, _ outputs: Int, rows: Range<Int>, of whole: Int) {
        self.scope = scope
        self.inputs = inputs
        self.outputs = outputs
        hasBias = true
        part = (rows, whole)
    }

    /// [rows, inputs] → [rows, outputs].
    package func callAsFunction(_ x: Value) -> Value {
        let bias = hasBias ? tensor("bias", []) : nil
        guard scope.builder.precision == .int8 else {
            return x.multiplied(byRowsOf: tensor("weight", [inputs]), adding: bias)
        }
        let layer = QuantizedWeight(scope, inputs: inputs, outputs: outputs, part: part)
        return x.multipliedInBytes(by: layer.weight, scale: layer.scale, adding: bias)
    }

    private func tensor(_ name: String, _ axes: [Int]) -> Value {
        guard let part else { return scope.weight(name, [outputs] + axes) }
        return scope.weight(name, [part.whole] + axes, rows: part.rows)
    }
}

/// A convolution of one by one pixel, on pixels that lie as rows: a product of matrices.
package struct PointwiseConv2d {
    private let scope: Scope
    private let inputs: Int
    private let outputs: Int

    /// The layer whose `weight`, [outputs, inputs, 1, 1], and `bias` are at a place of the
    /// checkpoint.
    package init(_ scope: Scope, _ inputs: Int, _ outputs: Int) {
        self.scope = scope
        self.inputs = inputs
        self.outputs = outputs
    }

    /// [pixels, inputs] → [pixels, outputs].
    package func callAsFunction(_ rows: Value) -> Value {
        let weight = scope.weight("weight", [outputs, inputs, 1, 1])
            .reshaped([.fixed(outputs), .fixed(inputs)])
        return rows.multiplied(byRowsOf: weight, adding: scope.weight("bias", [outputs]))
    }
}

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

/// The weights of a linear layer as 8-bit numbers, with one scale for each output.
struct QuantizedWeight {
    /// [inputs, outputs], int8.
    let weight: Value
    /// [outputs].
    let scale: Value

    /// Rounds the `weight`, [outputs, inputs], of the layer at a place of the checkpoint.
    ///
    /// A layer that is used several times gets a copy for each: for CPUs without VNNI, ONNX Runtime
    /// shifts the weights of each product, and refuses those that it has shifted before.
    ///
    /// - Parameters:
    ///   - scope: the place.
    ///   - inputs: length of a row of the layer's input.
    ///   - outputs: length of a row of its result.
    ///   - part: which rows of the checkpoint's matrix are the layer's, and how many there are; nil
    ///     for all.
    init(_ scope: Scope, inputs: Int, outputs: Int, part: (rows: Range<Int>, whole: Int)?) {
        let source = [("weight", [part?.whole ?? outputs, inputs])]
        let rows = part?.rows ?? 0..<outputs
        let own = { @Sendable (matrices: [[Float]]) in
            Array(matrices[0][rows.lowerBound * inputs..<rows.upperBound * inputs])
        }
        let weightName = part.map { "weight[\($0.rows.lowerBound)..<\($0.rows.upperBound)]" }
        let name = scope.builder.copyName(of: weightName ?? "weight", in: scope)
        weight = scope.computed(name + ".int8", from: source, shape: [inputs, outputs]) {
            Self.rounded(own($0), inputs: inputs)
        }
        scale = scope.computed(name + ".scale", from: source, shape: [outputs]) {
            Self.scales(own($0), inputs: inputs)
        }
    }

    /// What a step is worth, for each output: 127 of them reach its largest weight.
    private static func scales(_ matrix: [Float], inputs: Int) -> [Float] {
        stride(from: 0, to: matrix.count, by: inputs).map { start in
            let largest = matrix[start..<start + inputs].reduce(0) { max($0, abs($1)) }
            return largest > 0 ? largest / 127 : 1
        }
    }

    private static func rounded(_ matrix: [Float], inputs: Int) -> [Int8] {
        let scales = scales(matrix, inputs: inputs)
        var result = [Int8](repeating: 0, count: matrix.count)
        for (output, scale) in scales.enumerated() {
            for input in 0..<inputs {
                let level = (matrix[output * inputs + input] / scale).rounded(.toNearestOrEven)
                result[input * scales.count + output] = Int8(max(-127, min(127, level)))
            }
        }
        return result
    }
}

/// Normalisation over the last axis.
package struct LayerNorm {
    private let scope: Scope
    private let width: Int
    private let epsilon: Float

    /// The layer whose `weight` and `bias`, of `width` elements, are at a place of the checkpoint.
    package init(_ scope: Scope, _ width: Int, epsilon: Float) {
        self.scope = scope
        self.width = width
        self.epsilon = epsilon
    }

    /// [..., width] → the same.
    package func callAsFunction(_ x: Value) -> Value {
        x.layerNormalized(
            scale: scope.weight("weight", [width]),
            bias: scope.weight("bias", [width]),
            epsilon: epsilon
        )
    }
}
