/// A picture of 16-bit grey samples, row by row from the top, without padding.
public struct Gray16Image: Sendable, Equatable {
    /// Columns.
    public let width: Int
    /// Rows.
    public let height: Int
    /// `width * height` samples.
    public var pixels: [UInt16]

    /// Wraps samples that are already there.
    public init(width: Int, height: Int, pixels: [UInt16]) {
        precondition(pixels.count == width * height, "a grey image needs width x height samples")
        self.width = width
        self.height = height
        self.pixels = pixels
    }
}
