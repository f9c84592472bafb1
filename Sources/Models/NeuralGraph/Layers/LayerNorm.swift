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
