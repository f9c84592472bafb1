import OnnxGraph

/// x Wᵀ + b for every row of x.
public struct Linear {
    private let scope: Scope
    private let inputs: Int
    private let outputs: Int
    private let hasBias: Bool

    /// The layer whose `weight` and `bias` are at a place of the checkpoint.
    ///
    /// - Parameters:
    ///   - scope: the place.
    ///   - inputs: length of a row of x.
    ///   - outputs: length of a row of the result.
    ///   - hasBias: whether there is a `bias`.
    public init(
        _ scope: Scope,
        _ inputs: Int,
        _ outputs: Int,
        hasBias: Bool = true
    ) {
        self.scope = scope
        self.inputs = inputs
        self.outputs = outputs
        self.hasBias = hasBias
    }

    /// [rows, inputs] → [rows, outputs].
    public func callAsFunction(_ x: Value) -> Value {
        let bias = hasBias ? scope.weight("bias", [outputs]) : nil
        guard scope.builder.precision == .int8 else {
            let weight = scope.weight("weight", [outputs, inputs])
            return x.multiplied(byRowsOf: weight, adding: bias)
        }
        let layer = QuantizedWeight(scope, inputs: inputs, outputs: outputs)
        return x.multipliedInBytes(by: layer.weight, scale: layer.scale, adding: bias)
    }
}
