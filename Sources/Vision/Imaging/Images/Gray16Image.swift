/// A image of 16-bit grey samples, row by row from the top, without padding.
package struct Gray16Image: Sendable, Equatable {
    /// Columns.
    package let width: Int
    /// Rows.
    package let height: Int
    /// `width * height` samples.
    package var pixels: [UInt16]

    /// Wraps samples that are already there.
    package init(width: Int, height: Int, pixels: [UInt16]) {
        precondition(pixels.count == width * height, "a grey image needs width x height samples")
        self.width = width
        self.height = height
        self.pixels = pixels
    }
}
