/// An image of 8-bit grey samples, row by row from the top, without padding.
package struct GrayImage: Sendable, Equatable {
    /// Columns.
    package let width: Int
    /// Rows.
    package let height: Int
    /// `width * height` samples.
    package var pixels: [UInt8]

    package init(width: Int, height: Int, pixels: [UInt8]) {
        precondition(pixels.count == width * height, "a grey image has width x height samples")
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

/// An image of 16-bit grey samples, row by row from the top, without padding.
package struct Gray16Image: Sendable, Equatable {
    /// Columns.
    package let width: Int
    /// Rows.
    package let height: Int
    /// `width * height` samples.
    package var pixels: [UInt16]

    package init(width: Int, height: Int, pixels: [UInt16]) {
        precondition(pixels.count == width * height, "a grey image has width x height samples")
        self.width = width
        self.height = height
        self.pixels = pixels
    }
}

/// An image of 8-bit red, green and blue samples, interleaved, row by row from the top,
/// without padding.
package struct RGBImage: Sendable, Equatable {
    /// Columns.
    package let width: Int
    /// Rows.
    package let height: Int
    /// `width * height * 3` samples.
    package var pixels: [UInt8]

    package init(width: Int, height: Int, pixels: [UInt8]) {
        precondition(pixels.count == width * height * 3, "an RGB image needs 3 samples a pixel")
        self.width = width
        self.height = height
        self.pixels = pixels
    }

    /// An image of one colour.
    package init(width: Int, height: Int, color: (UInt8, UInt8, UInt8)) {
        var pixels = [UInt8](repeating: color.0, count: width * height * 3)
        for index in stride(from: 0, to: pixels.count, by: 3) {
            pixels[index + 1] = color.1
            pixels[index + 2] = color.2
        }
        self.init(width: width, height: height, pixels: pixels)
    }
}

/// An image whose 8-bit samples are numbers of colours, row by row from the top, without padding.
package struct IndexedImage: Sendable, Equatable {
    /// Columns.
    package let width: Int
    /// Rows.
    package let height: Int
    /// `width * height` numbers; 0 is the background.
    package var pixels: [UInt8]

    package init(width: Int, height: Int, pixels: [UInt8]) {
        precondition(pixels.count == width * height, "an image needs width x height samples")
        self.width = width
        self.height = height
        self.pixels = pixels
    }

    /// The colour of a number: black for 0, then colours that are easy to distinguish, made
    /// of the bits of the number as in the PASCAL VOC and DAVIS data sets.
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

/// An image for screens: blue, green, red and opacity, 8 bits each, row by row from the top.
/// Colours are already multiplied by the opacity.
///
/// `@unchecked Sendable` because `init` fills the memory; from then on it is only read.
package final class ScreenImage: @unchecked Sendable {
    /// Columns.
    package let width: Int
    /// Rows.
    package let height: Int
    /// Whether all pixels are opaque, so that opacity is ignored.
    package let isOpaque: Bool
    /// `rowBytes * height` bytes.
    package let bytes: UnsafeMutableRawBufferPointer

    /// Bytes from one row to the next.
    package var rowBytes: Int { width * 4 }

    /// - Parameters:
    ///   - width: columns, at least 1.
    ///   - height: rows, at least 1.
    ///   - isOpaque: whether all pixels are opaque, so that opacity is ignored.
    ///   - fill: writes the memory, which holds anything before.
    /// - Throws: what `fill` throws.
    package init(
        width: Int,
        height: Int,
        isOpaque: Bool = true,
        fill: (UnsafeMutableRawBufferPointer) throws -> Void
    ) rethrows {
        (self.width, self.height, self.isOpaque) = (width, height, isOpaque)
        // Aligned rows are faster to scale.
        bytes = .allocate(byteCount: width * 4 * height, alignment: 64)
        do {
            try fill(bytes)
        } catch {
            bytes.deallocate()
            throw error
        }
    }

    deinit { bytes.deallocate() }
}
