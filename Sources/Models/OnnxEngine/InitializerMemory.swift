import COnnxRuntime
import Diagnostics
import Glibc
import NeuralGraph

/// The memory that an initializer's elements lie in: the mapped checkpoint's, or a copy.
///
/// `@unchecked Sendable` because it is only read once it is made.
final class InitializerMemory: @unchecked Sendable {
    /// What CUDA's libraries ask for, and a line of the processor's cache.
    private static let alignment = 64

    private let initializer: Initializer
    private let start: UnsafeRawPointer?
    private let copy: UnsafeMutableRawPointer?

    /// Finds the elements, or makes them.
    ///
    /// - Parameters:
    ///   - initializer: whose elements.
    ///   - isAligned: whether they must be aligned.
    init(_ initializer: Initializer, isAligned: Bool) {
        self.initializer = initializer
        if let bytes = initializer.bytesInPlace, let start = bytes.baseAddress,
            !isAligned || Int(bitPattern: start) % Self.alignment == 0
        {
            self.start = start
            copy = nil
        } else {
            let bytes = initializer.makeBytes()
            let memory = aligned_alloc(
                Self.alignment,
                max(1, (bytes.count + Self.alignment - 1) / Self.alignment) * Self.alignment
            )
            if let memory {
                UnsafeMutableRawBufferPointer(start: memory, count: bytes.count)
                    .copyBytes(from: bytes)
            }
            start = bytes.count == initializer.byteCount ? UnsafeRawPointer(memory) : nil
            copy = memory
        }
    }

    deinit {
        free(copy)
    }

    /// A tensor that reads this memory.
    func lend(_ library: RuntimeLibrary) throws -> Handle {
        let start = try present()
        let info = try library.make(
            "a memory description",
            release: { ort_release_memory_info($0, $1) }
        ) {
            ort_create_cpu_memory_info(
                library.api,
                Int32(ORT_DEVICE_ALLOCATOR),
                Int32(ORT_MEMORY_DEFAULT),
                $0
            )
        }
        let axes = initializer.shape.map(Int64.init)
        return try library.make(initializer.name, release: { ort_release_value($0, $1) }) {
            ort_create_tensor_with_data_as_ort_value(
                library.api,
                info.pointer,
                UnsafeMutableRawPointer(mutating: start),
                initializer.byteCount,
                axes,
                axes.count,
                initializer.type.rawValue,
                $0
            )
        }
    }

    /// A tensor with memory of its own.
    func copy(_ library: RuntimeLibrary) throws -> Handle {
        let start = try present()
        let tensor = try Tensor(initializer.type, initializer.shape, library: library) {
            $0.copyMemory(from: UnsafeRawBufferPointer(start: start, count: initializer.byteCount))
        }
        return tensor.value
    }

    private func present() throws -> UnsafeRawPointer {
        if let start { return start }
        throw EightCutError(
            .internalFault,
            "cannot load the model",
            on: initializer.name,
            because: "there are no weights for it"
        )
    }
}
