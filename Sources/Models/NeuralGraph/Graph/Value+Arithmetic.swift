extension Value {
    /// Elementwise sum; axes of length 1 are stretched.
    package static func + (left: Value, right: Value) -> Value { elementwise("Add", left, right) }
    /// Elementwise difference; axes of length 1 are stretched.
    package static func - (left: Value, right: Value) -> Value { elementwise("Sub", left, right) }
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
            return left.builder.mistake("\(op) of \(left.label) and \(right.label) does not fit")
        }
        return left.builder.add(op, [left, right], shape: shape)
    }

    /// The elements as another type.
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
