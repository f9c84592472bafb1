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
