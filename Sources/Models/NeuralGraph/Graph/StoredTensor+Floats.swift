import Weights

extension TensorType {
    /// Whether weights of this type can be used.
    var isFloatingPoint: Bool { elementType != nil }

    /// What ONNX calls it; nil for types whose tensors are not used as they are. `bfloat16` has
    /// few operators, so it is made `float32`.
    package var elementType: ElementType? {
        switch self {
        case .float32, .bfloat16: .float32
        case .float16: .float16
        default: nil
        }
    }
}

extension StoredTensor {
    /// The elements as 32-bit floats, row by row; none where only names and shapes are known.
    package func floats() -> [Float] {
        guard let bytes else { return [] }
        let count = shape.reduce(1, *)
        return [Float](unsafeUninitializedCapacity: count) { result, written in
            for index in 0..<count {
                switch type {
                case .float32:
                    result[index] = bytes.loadUnaligned(fromByteOffset: index * 4, as: Float.self)
                case .float16:
                    result[index] = Float(
                        bytes.loadUnaligned(fromByteOffset: index * 2, as: Float16.self)
                    )
                case .bfloat16:
                    let upper = bytes.loadUnaligned(fromByteOffset: index * 2, as: UInt16.self)
                    result[index] = Float(bitPattern: UInt32(upper) << 16)
                default: result[index] = 0
                }
            }
            written = count
        }
    }
}
