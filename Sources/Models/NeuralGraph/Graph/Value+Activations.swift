extension Value {
    /// max(x, 0).
    package func relu() -> Value { builder.add("Relu", [self], shape: shape) }
    /// 1 / (1 + exp(−x)).
    package func sigmoid() -> Value { builder.add("Sigmoid", [self], shape: shape) }
    /// 1 where x is above 0, else 0.
    package func isPositive() -> Value {
        if isPoisoned { return self }
        let zero = builder.constant([0 as Float], shape: []).cast(to: type)
        return builder.add("Greater", [self, zero], type: .bool, shape: shape).cast(to: type)
    }
    /// sin x.
    package func sine() -> Value { builder.add("Sin", [self], shape: shape) }
    /// cos x.
    package func cosine() -> Value { builder.add("Cos", [self], shape: shape) }
    /// x Φ(x), with the exact error function. (Hendrycks and Gimpel, 2016.)
    package func gelu() -> Value { builder.add("Gelu", [self], shape: shape) }

    /// Zero mean and unit deviation over the last axis, then scaled and shifted.
    /// (Ba, Kiros, Hinton: "Layer Normalization", 2016.)
    ///
    /// - Parameters:
    ///   - scale: one factor for each element of the last axis.
    ///   - bias: one summand for each.
    ///   - epsilon: added to the variance.
    /// - Returns: the same shape.
    package func layerNormalized(scale: Value, bias: Value, epsilon: Float) -> Value {
        builder.add(
            "LayerNormalization",
            [self, scale, bias],
            [("axis", .int(-1)), ("epsilon", .float(epsilon))],
            shape: shape
        )
    }
}
