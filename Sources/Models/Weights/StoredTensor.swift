/// The weights of a model, by their names.
package protocol WeightSource: Sendable {
    /// The path or name for messages.
    var name: String { get }
    /// The names of all tensors, sorted.
    var keys: [String] { get }
    /// The tensor of a name; nil if there is none.
    func tensor(_ key: String) -> StoredTensor?
}

/// One tensor of a checkpoint, not copied.
///
/// `Sendable` in spite of the pointer, because the bytes are never written.
package struct StoredTensor: @unchecked Sendable {
    /// The name in the checkpoint.
    package let key: String
    package let type: TensorType
    /// Row-major sizes, the slowest dimension first; empty for a scalar.
    package let shape: [Int]
    /// The numbers, little endian and row-major, not necessarily aligned; nil when only names and
    /// shapes are known. Valid as long as this value or its source exists.
    package let bytes: UnsafeRawBufferPointer?
    private let owner: (any AnyObject & Sendable)?

    /// `bytes` has as many as the shape and the type need. `owner` owns its memory, and is kept alive.
    package init(
        key: String,
        type: TensorType,
        shape: [Int],
        bytes: UnsafeRawBufferPointer? = nil,
        owner: (any AnyObject & Sendable)? = nil
    ) {
        self.key = key
        self.type = type
        self.shape = shape
        self.bytes = bytes
        self.owner = owner
    }

    /// A slice along the slowest dimension, in the same memory.
    ///
    /// - Parameter range: rows, within the tensor, which is no scalar.
    /// - Returns: a tensor of those rows.
    package func rows(_ range: Range<Int>) -> StoredTensor {
        let width = shape.dropFirst().reduce(type.width, *)
        return StoredTensor(
            key: key,
            type: type,
            shape: [range.count] + shape.dropFirst(),
            bytes: bytes.map {
                UnsafeRawBufferPointer(
                    rebasing: $0[range.lowerBound * width..<range.upperBound * width]
                )
            },
            owner: owner
        )
    }
}

/// The data types of safetensors (https://github.com/huggingface/safetensors), without those of less
/// than a byte.
package enum TensorType: String, Sendable, CaseIterable {
    case bool = "BOOL"
    case uint8 = "U8"
    case int8 = "I8"
    case float8e5m2 = "F8_E5M2"
    case float8e4m3 = "F8_E4M3"
    case float8e8m0 = "F8_E8M0"
    case int16 = "I16"
    case uint16 = "U16"
    case float16 = "F16"
    case bfloat16 = "BF16"
    case int32 = "I32"
    case uint32 = "U32"
    case float32 = "F32"
    case int64 = "I64"
    case uint64 = "U64"
    case float64 = "F64"
    case complex64 = "C64"

    /// Bytes per number.
    package var width: Int {
        switch self {
        case .bool, .uint8, .int8, .float8e5m2, .float8e4m3, .float8e8m0: 1
        case .int16, .uint16, .float16, .bfloat16: 2
        case .int32, .uint32, .float32: 4
        case .int64, .uint64, .float64, .complex64: 8
        }
    }
}
