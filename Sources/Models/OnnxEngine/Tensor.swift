import COnnxRuntime
import Diagnostics
import NeuralGraph

/// Elements that go into a run or come out of one; they lie in the host's memory or on a device.
///
/// `@unchecked Sendable` because it is written only before anything else holds it.
package final class Tensor: @unchecked Sendable {
    /// What it holds.
    package let type: ElementType
    /// Its axes.
    package let shape: [Int]
    /// Whether it lies in the host's memory.
    package let isOnHost: Bool
    let value: Handle
    private let library: RuntimeLibrary

    init(_ value: Handle, type: ElementType, shape: [Int], isOnHost: Bool, library: RuntimeLibrary)
    {
        self.value = value
        self.type = type
        self.shape = shape
        self.isOnHost = isOnHost
        self.library = library
    }

    /// Makes one in the host's memory.
    ///
    /// - Parameters:
    ///   - type: what it holds.
    ///   - shape: its axes.
    ///   - library: the library that will read it.
    ///   - fill: writes every byte.
    /// - Throws: `EightCutError` when there is no memory for it; what `fill` throws.
    package convenience init(
        _ type: ElementType,
        _ shape: [Int],
        library: RuntimeLibrary,
        filledBy fill: (UnsafeMutableRawBufferPointer) throws -> Void
    ) throws {
        var allocator: OpaquePointer?
        try library.check(
            ort_get_allocator_with_default_options(library.api, &allocator),
            "cannot allocate memory"
        )
        let axes = shape.map(Int64.init)
        let value = try library.make("a tensor", release: { ort_release_value($0, $1) }) { out in
            ort_create_tensor_as_ort_value(
                library.api,
                allocator,
                axes,
                axes.count,
                type.rawValue,
                out
            )
        }
        self.init(value, type: type, shape: shape, isOnHost: true, library: library)
        try fill(UnsafeMutableRawBufferPointer(mutating: bytes()))
    }

    /// Lends the elements for reading; the pointer must not leave `body`.
    ///
    /// - Parameter body: takes the bytes, of which there are none for a tensor on a device.
    /// - Returns: what `body` returns.
    /// - Throws: what `body` throws; `EightCutError` when the library does not give them.
    package func withBytes<Result>(
        _ body: (UnsafeRawBufferPointer) throws -> Result
    ) throws -> Result {
        try withExtendedLifetime(self) { try body(bytes()) }
    }

    /// Lends the elements of a tensor of `float32`.
    ///
    /// - Parameter body: takes the elements, row by row.
    /// - Returns: what `body` returns.
    /// - Throws: what `body` throws; `EightCutError` when the library does not give them.
    package func withFloats<Result>(
        _ body: (UnsafeBufferPointer<Float>) throws -> Result
    ) throws -> Result {
        try withBytes { try body($0.assumingMemoryBound(to: Float.self)) }
    }

    private func bytes() throws -> UnsafeRawBufferPointer {
        guard isOnHost else { return UnsafeRawBufferPointer(start: nil, count: 0) }
        var start: UnsafeMutableRawPointer?
        try library.check(
            ort_get_tensor_mutable_data(library.api, value.pointer, &start),
            "cannot read a tensor"
        )
        return UnsafeRawBufferPointer(start: start, count: shape.reduce(type.byteCount, *))
    }
}
