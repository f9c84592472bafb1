/// A image whose 8-bit samples are numbers of colours, row by row from the top, without padding.
package struct IndexedImage: Sendable, Equatable {
    /// Columns.
    package let width: Int
    /// Rows.
    package let height: Int
    /// `width * height` numbers; 0 is the background.
    package var pixels: [UInt8]

    /// Wraps samples that are already there.
    package init(width: Int, height: Int, pixels: [UInt8]) {
        precondition(pixels.count == width * height, "a image needs width x height samples")
        self.width = width
        self.height = height
        self.pixels = pixels
    }

    /// The colour of a number: black for 0, then colours that are easy to tell apart, by turning
    /// the bits of the number about, as the PASCAL VOC and DAVIS data sets do it.
    package static func colour(of number: Int) -> (red: UInt8, green: UInt8, blue: UInt8) {
        var (red, green, blue) = (0, 0, 0)
        for bit in 0..<8 {
            let three = number >> (3 * bit)
            red |= (three & 1) << (7 - bit)
            green |= (three >> 1 & 1) << (7 - bit)
            blue |= (three >> 2 & 1) << (7 - bit)
        }
        return (UInt8(red & 255), UInt8(green & 255), UInt8(blue & 255))
    }
}
