/// Memory of one picture: filled once by whoever makes it, then only read.
///
/// `@unchecked Sendable` because the only writer is the closure given to `init`, which has
/// returned before anybody else can hold the buffer.
package final class PixelBuffer: @unchecked Sendable {
    private let storage: UnsafeMutableRawBufferPointer

    /// Allocates `byteCount` bytes and lets `fill` write them.
    ///
    /// - Parameters:
    ///   - byteCount: size of the buffer in bytes.
    ///   - fill: writes every byte; what it throws is thrown on and the memory is given back.
    package init(
        byteCount: Int,
        filledBy fill: (UnsafeMutableRawBufferPointer) throws -> Void
    ) rethrows {
        storage = PixelPool.shared.take(byteCount: byteCount)
        // When this throws, deinit gives the memory back.
        try fill(storage)
    }

    deinit {
        PixelPool.shared.giveBack(storage)
    }

    /// Bytes in the buffer.
    package var byteCount: Int { storage.count }

    /// Lends the bytes for reading; the pointer must not leave `body`.
    package func withUnsafeBytes<Result, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try body(UnsafeRawBufferPointer(storage))
    }
}
