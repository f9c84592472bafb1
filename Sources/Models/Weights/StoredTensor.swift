/// One tensor of a checkpoint, where it lies.
///
/// The bytes are never written to, so several tasks may read them; that is why the pointer in
/// here does not keep the value from being `Sendable`.
package struct StoredTensor: @unchecked Sendable {
    /// Its name in the checkpoint.
    package let key: String
    /// What its numbers are.
    package let type: TensorType
    /// Its sides, the slowest first; empty for a single number.
    package let shape: [Int]
    /// Its numbers, little endian and row by row, not necessarily aligned to their width; nil
    /// when only names and shapes are known. The memory lives as long as this value or the
    /// source that it came from.
    package let bytes: UnsafeRawBufferPointer?
    private let owner: (any AnyObject & Sendable)?

    /// Describes a tensor.
    ///
    /// - Parameters:
    ///   - key: its name.
    ///   - type: what its numbers are.
    ///   - shape: its sides.
    ///   - bytes: its numbers, the product of the sides times the type's width in bytes.
    ///   - owner: what the memory of `bytes` belongs to; kept alive.
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

    /// Some rows of the tensor: parts of its slowest side, in the same memory.
    ///
    /// - Parameter range: the rows, from 0; within the tensor, which has one side at least.
    /// - Returns: a tensor of that many rows.
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
