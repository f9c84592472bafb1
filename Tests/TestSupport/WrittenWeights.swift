import Weights

/// Weights that a test writes down.
package struct WrittenWeights: WeightSource {
    /// "written".
    package let name = "written"
    /// The names of all tensors, sorted.
    package let keys: [String]
    private let tensors: [String: StoredTensor]

    /// No weights; `add` adds some.
    package init() { self.init([]) }

    private init(_ tensors: [StoredTensor]) {
        self.tensors = Dictionary(uniqueKeysWithValues: tensors.map { ($0.key, $0) })
        keys = self.tensors.keys.sorted()
    }

    /// The same weights and one more.
    ///
    /// - Parameters:
    ///   - key: its name.
    ///   - shape: its sides.
    ///   - values: its numbers, row by row, of the type that `type` says.
    ///   - type: what they are.
    /// - Returns: all of them.
    package func adding<Number: BitwiseCopyable>(
        _ key: String,
        _ shape: [Int],
        _ values: [Number],
        _ type: TensorType = .float32
    ) -> WrittenWeights {
        let memory = values.withUnsafeBytes { Memory($0) }
        let tensor = StoredTensor(
            key: key,
            type: type,
            shape: shape,
            bytes: UnsafeRawBufferPointer(memory.bytes),
            owner: memory
        )
        return WrittenWeights(tensors.values.filter { $0.key != key } + [tensor])
    }

    /// One tensor; nil when there is none of that name.
    package func tensor(_ key: String) -> StoredTensor? { tensors[key] }

    /// `@unchecked Sendable` because it is written to only while it is made.
    private final class Memory: @unchecked Sendable {
        let bytes: UnsafeMutableRawBufferPointer

        init(_ source: UnsafeRawBufferPointer) {
            bytes = .allocate(byteCount: source.count, alignment: 64)
            bytes.copyMemory(from: source)
        }

        deinit { bytes.deallocate() }
    }
}
