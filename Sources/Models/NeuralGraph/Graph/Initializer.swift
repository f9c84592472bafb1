import Weights

/// A tensor that belongs to the model: a weight, or a constant.
package struct Initializer: Sendable {
    package let name: String
    /// What it holds in the graph; may differ from what the checkpoint holds.
    package let type: ElementType
    package let shape: [Int]
    /// Where its elements come from.
    package let source: Source

    /// Where the elements of an initializer come from.
    package enum Source: Sendable {
        /// A tensor of the checkpoint, as it is there, or converted when the types differ.
        case stored(StoredTensor)
        /// Worked out when the model is loaded; gives the bytes of the tensor.
        case computed(@Sendable () -> [UInt8])
        /// Written in the program.
        case literal([UInt8])
    }

    /// Bytes that it takes.
    package var byteCount: Int { shape.reduce(type.byteCount, *) }
}

extension Initializer {
    /// Where its elements lie already, so that no copy need be made; nil when there must be one.
    package var bytesInPlace: UnsafeRawBufferPointer? {
        guard case .stored(let tensor) = source, tensor.type != .bfloat16,
            tensor.type.elementType == type
        else { return nil }
        return tensor.bytes
    }

    /// Its elements in memory of their own; empty for a graph that was made without weights.
    package func makeBytes() -> [UInt8] {
        switch source {
        case .stored(let tensor):
            if let bytes = bytesInPlace { return [UInt8](bytes) }
            return tensor.floats().bytes(as: type)
        case .computed(let compute): return compute()
        case .literal(let bytes): return bytes
        }
    }
}

/// What the elements of a computed initializer may be.
package protocol InitializerElement: BitwiseCopyable, Sendable {
    static var type: ElementType { get }
}

extension Float: InitializerElement {
    package static var type: ElementType { .float32 }
}

extension Int8: InitializerElement {
    package static var type: ElementType { .int8 }
}

extension UInt8: InitializerElement {
    package static var type: ElementType { .uint8 }
}

extension Array where Element: InitializerElement {
    /// The elements as bytes; floats become 16-bit ones where that is asked for.
    func bytes(as type: ElementType) -> [UInt8] {
        if type == .float16, let floats = self as? [Float] {
            let halves = floats.map { Float16($0) }
            return halves.withUnsafeBytes { [UInt8]($0) }
        }
        return withUnsafeBytes { [UInt8]($0) }
    }
}

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
