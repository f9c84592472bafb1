/// What the elements of a tensor are; the raw values are ONNX's own (`TensorProto.DataType`).
package enum ElementType: Int32, Sendable {
    /// 32-bit floating point.
    case float32 = 1
    /// 8 bits, unsigned.
    case uint8 = 2
    /// 8 bits, signed.
    case int8 = 3
    /// 32 bits, signed.
    case int32 = 6
    /// 64 bits, signed: what ONNX takes sizes and indices in.
    case int64 = 7
    /// True or false, one byte.
    case bool = 9
    /// 16-bit floating point.
    case float16 = 10

    /// Bytes of one element.
    package var byteCount: Int {
        switch self {
        case .uint8, .int8, .bool: 1
        case .float16: 2
        case .float32, .int32: 4
        case .int64: 8
        }
    }
}
