import Weights

/// Tensors of a fixture, copied out.
package struct FixtureTensors: Sendable {
    /// A fixture lacks a tensor, or has it with other numbers.
    package struct Missing: Error {
        /// Its name.
        package let key: String
    }

    private let weights: CheckpointWeights

    init(_ weights: CheckpointWeights) { self.weights = weights }

    /// The names, sorted.
    package var keys: [String] { weights.keys }

    /// A tensor of 32-bit floats, row by row.
    ///
    /// - Throws: `Missing`.
    package func floats(_ key: String) throws -> (shape: [Int], values: [Float]) {
        let (shape, bytes) = try find(key, .float32)
        let values = stride(from: 0, to: bytes.count, by: 4).map {
            bytes.loadUnaligned(fromByteOffset: $0, as: Float.self)
        }
        return (shape, values)
    }

    /// A tensor of `bfloat16`, row by row, as the upper halves of 32-bit floats.
    ///
    /// - Throws: `Missing`.
    package func upperHalves(_ key: String) throws -> (shape: [Int], values: [UInt16]) {
        let (shape, bytes) = try find(key, .bfloat16)
        let values = stride(from: 0, to: bytes.count, by: 2).map {
            bytes.loadUnaligned(fromByteOffset: $0, as: UInt16.self)
        }
        return (shape, values)
    }

    /// A tensor of signed 16-bit numbers, row by row.
    ///
    /// - Throws: `Missing`.
    package func shorts(_ key: String) throws -> (shape: [Int], values: [Int16]) {
        let (shape, bytes) = try find(key, .int16)
        let values = stride(from: 0, to: bytes.count, by: 2).map {
            bytes.loadUnaligned(fromByteOffset: $0, as: Int16.self)
        }
        return (shape, values)
    }

    /// A tensor of bytes, row by row.
    ///
    /// - Throws: `Missing`.
    package func bytes(_ key: String) throws -> (shape: [Int], values: [UInt8]) {
        let (shape, bytes) = try find(key, .uint8)
        return (shape, Array(bytes))
    }

    private func find(_ key: String, _ type: TensorType) throws -> ([Int], UnsafeRawBufferPointer) {
        guard let tensor = weights.tensor(key), tensor.type == type, let bytes = tensor.bytes else {
            throw Missing(key: key)
        }
        return (tensor.shape, bytes)
    }
}
