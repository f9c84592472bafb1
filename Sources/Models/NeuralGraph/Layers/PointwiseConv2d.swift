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
