/// A image of 8-bit red, green and blue samples, interleaved, row by row from the top,
/// without padding.
package struct RGBImage: Sendable, Equatable {
    /// Columns.
    package let width: Int
    /// Rows.
    package let height: Int
    /// `width * height * 3` samples.
    package var pixels: [UInt8]

    /// Wraps samples that are already there.
    package init(width: Int, height: Int, pixels: [UInt8]) {
        precondition(pixels.count == width * height * 3, "an RGB image needs 3 samples a pixel")
        self.width = width
        self.height = height
        self.pixels = pixels
    }

    /// A image of one colour.
    package init(width: Int, height: Int, color: (UInt8, UInt8, UInt8)) {
        var pixels = [UInt8](repeating: color.0, count: width * height * 3)
        for index in stride(from: 0, to: pixels.count, by: 3) {
            pixels[index + 1] = color.1
            pixels[index + 2] = color.2
        }
        self.init(width: width, height: height, pixels: pixels)
    }
}
