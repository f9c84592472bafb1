import NeuralGraph
import OnnxEngine

extension Sam2Model {
    /// How many bytes `Input.withBytes` lends.
    package var inputLength: Int { configuration.imageSize * configuration.imageSize * 3 }

    /// An input whose bytes were kept.
    ///
    /// - Parameter fill: writes every byte, as `Input.withBytes` has lent them.
    /// - Returns: the input, in memory of its own.
    /// - Throws: `EightCutError` when there is no memory for it; what `fill` throws.
    package func input(filledBy fill: (UnsafeMutableRawBufferPointer) throws -> Void) throws
        -> Input
    {
        let size = configuration.imageSize
        return Input(
            pixels: try Tensor(.uint8, [size, size, 3], library: library, filledBy: fill)
        )
    }
}

extension Sam2Model.Input {
    /// Lends the bytes; the pointer must not leave `body`.
    ///
    /// - Returns: what `body` returns.
    /// - Throws: what `body` throws.
    package func withBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) throws
        -> Result
    {
        try pixels.withBytes(body)
    }
}
