/// A image of 8-bit grey samples, row by row from the top, without padding.
package struct GrayImage: Sendable, Equatable {
    /// Columns.
    package let width: Int
    /// Rows.
    package let height: Int
    /// `width * height` samples.
    package var pixels: [UInt8]

    /// Wraps samples that are already there.
    package init(width: Int, height: Int, pixels: [UInt8]) {
        precondition(pixels.count == width * height, "a grey image needs width x height samples")
        self.width = width
        self.height = height
        self.pixels = pixels
    }
}

extension GrayImage {
    /// Turns black into white and white into black.
    package mutating func invert() {
        pixels.withUnsafeMutableBufferPointer { pixels in
            for index in pixels.indices { pixels[index] = ~pixels[index] }
        }
    }
}
