import Weights

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
