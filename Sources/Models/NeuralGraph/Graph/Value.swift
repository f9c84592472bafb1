/// A tensor in a graph that is being built: what a module takes and gives.
///
/// Operators on values check shapes as they go. An error is recorded in the builder, with the
/// modules that the operands come from, and gives a poisoned value of unknown shape on which further
/// operators do nothing. So model code needs no `try`: `GraphBuilder.finish` throws.
package struct Value {
    let builder: GraphBuilder
    /// Its name in the graph; empty after an error.
    package let name: String
    package let type: ElementType
    package let shape: Shape
    /// Path of the module that made it, in the checkpoint's names.
    let origin: String

    /// Whether it comes after an error.
    var isPoisoned: Bool { name.isEmpty }

    /// The first of some operands that comes after an error.
    static func poisoned(_ operands: Value?...) -> Value? {
        operands.lazy.compactMap(\.self).first(where: \.isPoisoned)
    }

    /// `[1, 384] from backbone.embeddings`, for messages.
    var label: String { "\(shape)" + (origin.isEmpty ? "" : " from \(origin)") }
}

extension Value {
    /// Elementwise sum; axes of length 1 are stretched.
    package static func + (left: Value, right: Value) -> Value { elementwise("Add", left, right) }
    /// Elementwise difference; axes of length 1 are stretched.
    package static func - (left: Value, right: Value) -> Value { elementwise("Sub", left, right) }
    /// Elementwise quotient; axes of length 1 are stretched.
    package static func / (left: Value, right: Value) -> Value { elementwise("Div", left, right) }
    /// Elementwise product; axes of length 1 are stretched.
    package static func * (left: Value, right: Value) -> Value { elementwise("Mul", left, right) }
    /// Every element times a number.
    package static func * (left: Value, right: Float) -> Value {
        left * left.builder.constant([right], shape: [])
    }
    /// A number is added to every element.
    package static func + (left: Value, right: Float) -> Value {
        left + left.builder.constant([right], shape: [])
    }

    /// The larger of two elements each.
    package static func maximum(_ left: Value, _ right: Value) -> Value {
        elementwise("Max", left, right)
    }

    private static func elementwise(_ op: String, _ left: Value, _ right: Value) -> Value {
        if let poisoned = poisoned(left, right) { return poisoned }
        guard left.type == right.type, let shape = left.shape.broadcast(with: right.shape) else {
            return left.builder.diagnose("\(op) of \(left.label) and \(right.label) does not fit")
        }
        return left.builder.add(op, [left, right], shape: shape)
    }

    package func cast(to type: ElementType) -> Value {
        if type == self.type { return self }
        return builder.add(
            "Cast",
            [self],
            [("to", .int(Int(type.rawValue)))],
            type: type,
            shape: shape
        )
    }
}

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
    /// √x.
    package func squareRoot() -> Value { builder.add("Sqrt", [self], shape: shape) }
    /// sin x.
    package func sine() -> Value { builder.add("Sin", [self], shape: shape) }
    /// cos x.
    package func cosine() -> Value { builder.add("Cos", [self], shape: shape) }
    /// x Φ(x), with the exact error function. (Hendrycks and Gimpel, 2016.)
    package func gelu() -> Value { builder.add("Gelu", [self], shape: shape) }
    /// x σ(1.702 x), an approximation of `gelu` that CLIP was trained with. (Hendrycks and Gimpel,
    /// 2016.)
    package func quickGelu() -> Value {
        builder.add(
            "QuickGelu",
            domain: Graph.microsoft,
            [self],
            [("alpha", .float(1.702))],
            shape: shape
        )
    }
    /// x where it is above 0, else exp(x) − 1. (Clevert, Unterthiner, Hochreiter, 2015.)
    package func elu() -> Value { builder.add("Elu", [self], shape: shape) }

    /// The Euclidean length of each row, the last axis: its length becomes 1.
    package func lengths() -> Value {
        if isPoisoned { return self }
        var result = shape
        result[-1] = 1
        return builder.add("ReduceL2", [self, builder.constant([-1])], shape: result)
    }

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
