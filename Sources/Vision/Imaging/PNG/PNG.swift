import CPng
import Diagnostics
import Files
import Glibc
import SystemPackage

/// Writes and reads PNG files with libpng.
package enum PNG {
    /// Writes a mask, or another image of few grey levels, as an 8-bit grey PNG file.
    ///
    /// - Throws: `EightCutError` if the file cannot be written.
    package static func write(_ image: GrayImage, to path: FilePath) throws {
        try write(image.pixels, image.width, image.height, as: CPNG_FLAT, to: path)
    }

    /// Writes a colour image as an 8-bit RGB PNG file.
    ///
    /// - Throws: `EightCutError` if the file cannot be written.
    package static func write(_ image: RGBImage, to path: FilePath) throws {
        try write(image.pixels, image.width, image.height, channels: 3, as: CPNG_PHOTO, to: path)
    }

    /// Writes a depth map, or another image of many grey levels, as a 16-bit grey PNG file.
    ///
    /// - Throws: `EightCutError` if the file cannot be written.
    package static func write(_ image: Gray16Image, to path: FilePath) throws {
        try write(image.pixels, image.width, image.height, as: CPNG_PHOTO, to: path)
    }

    /// Writes object numbers as an indexed PNG file, each number with its own colour.
    ///
    /// - Throws: `EightCutError` if the file cannot be written.
    package static func write(_ image: IndexedImage, to path: FilePath) throws {
        let palette = (0..<256).flatMap { number in
            let colour = IndexedImage.colour(of: number)
            return [colour.red, colour.green, colour.blue]
        }
        let (width, height) = (UInt32(image.width), UInt32(image.height))
        try write(cpng_encode_indexed(image.pixels, width, height, palette, 256), to: path)
    }

    private static func write<Sample: FixedWidthInteger & BitwiseCopyable>(
        _ pixels: [Sample],
        _ width: Int,
        _ height: Int,
        channels: UInt32 = 1,
        as content: CPngContent,
        to path: FilePath
    ) throws {
        let file = pixels.withUnsafeBufferPointer { pixels in
            cpng_encode(
                pixels.baseAddress,
                UInt32(width),
                UInt32(height),
                channels,
                UInt32(Sample.bitWidth),
                content
            )
        }
        try write(file, to: path)
    }

    private static func write(_ file: CPngBytes, to path: FilePath) throws {
        defer { free(file.bytes) }
        if let message = message(of: file) {
            throw EightCutError(
                .internalFault,
                "cannot encode the image",
                on: path.string,
                because: message
            )
        }
        try AtomicFile.write(
            UnsafeRawBufferPointer(start: file.bytes, count: file.count),
            to: path
        )
    }

    static func message(of result: CPngBytes) -> String? {
        withUnsafeBytes(of: result.message) { bytes in
            let text = bytes.prefix { $0 != 0 }
            return text.isEmpty ? nil : String(decoding: text, as: UTF8.self)
        }
    }
}
