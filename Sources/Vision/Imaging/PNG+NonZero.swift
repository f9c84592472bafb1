import CPng
import Glibc
import SystemPackage

extension PNG {
    /// Reads a mask of another program, of whatever kind: levels 0 and 1 or 0 and 255, of 1 to 16
    /// bits, colours, or numbers of colours.
    ///
    /// - Returns: 255 where the file has another colour than black, whatever the alpha channel
    ///   says; 0 elsewhere.
    /// - Throws: `EightCutError` when the file cannot be read, is damaged, or is too large.
    package static func readNonZero(_ path: FilePath) throws -> GrayImage {
        let image = try decoded(PNGFile.content(of: path), path, maximumPixels)
        defer { free(image.pixels.bytes) }
        let (width, height) = (Int(image.width), Int(image.height))
        let file = UnsafeBufferPointer(start: image.pixels.bytes, count: image.pixels.count)
        let pixels: [UInt8]
        if image.is_indexed != 0 {
            let levels = withUnsafeBytes(of: image.is_coloured) { colours in
                colours.map { $0 == 0 ? 0 : 255 as UInt8 }
            }
            pixels = file.map { levels[Int($0)] }
        } else {
            let bytesPerSample = image.bit_depth == 16 ? 2 : 1
            let stride = Int(image.channels) * bytesPerSample
            let colours = (image.channels > 2 ? 3 : 1) * bytesPerSample
            pixels = (0..<width * height).map { pixel in
                var bits: UInt8 = 0
                for byte in 0..<colours { bits |= file[pixel * stride + byte] }
                return bits == 0 ? 0 : 255
            }
        }
        return GrayImage(width: width, height: height, pixels: pixels)
    }
}
