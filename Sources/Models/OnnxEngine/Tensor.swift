import COnnxRuntime
import Diagnostics
import Glibc
import NeuralGraph

/// Elements that go into a run or come out of one; in the host's memory or on a device.
///
/// `@unchecked Sendable` because it is written only before anything else holds it.
package final class Tensor: @unchecked Sendable {
    package let type: ElementType
    package let shape: [Int]
    /// Whether it is in the host's memory.
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

/// Something that the library has made and that must be given back to it.
///
/// `@unchecked Sendable`: the library's objects may be used from any thread; whoever holds one
/// that may not be used by two at once says so.
final class Handle: @unchecked Sendable {
    let pointer: OpaquePointer
    private let library: RuntimeLibrary
    private let release: (OrtTable, OpaquePointer) -> Void
    private var isOurs = true

    init(
        _ pointer: OpaquePointer,
        library: RuntimeLibrary,
        release: @escaping (OrtTable, OpaquePointer) -> Void
    ) {
        self.pointer = pointer
        self.library = library
        self.release = release
    }

    deinit {
        if isOurs { release(library.api, pointer) }
    }

    /// Says that something else has taken charge of it.
    func giveAway() { isOurs = false }
}

/// Lends C strings for as long as `body` runs.
func withCStrings<Result>(
    _ strings: [String],
    _ body: (UnsafePointer<UnsafePointer<CChar>?>) throws -> Result
) rethrows -> Result {
    let copies = strings.map { strdup($0) }
    defer { for copy in copies { free(copy) } }
    return try copies.map { UnsafePointer($0) }.withUnsafeBufferPointer { buffer in
        // An empty array has no address, and the library does not look at it then.
        guard let start = buffer.baseAddress else {
            return try withUnsafePointer(to: nil) { try body($0) }
        }
        return try body(start)
    }
}
