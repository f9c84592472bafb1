import CPng
import Diagnostics
import Files
import Glibc
import SystemPackage

/// Writes and reads PNG files with libpng.
package enum PNG {
    /// Writes a mask, or another picture of few grey levels, as an 8-bit grey PNG file.
    ///
    /// - Throws: `EightCutError` when the file cannot be written.
    package static func write(_ image: GrayImage, to path: FilePath) throws {
        let file = image.pixels.withUnsafeBufferPointer { pixels in
            cpng_encode(
                pixels.baseAddress,
                UInt32(image.width),
                UInt32(image.height),
                1,
                8,
                CPNG_FLAT
            )
        }
        try write(file, to: path)
    }

    /// Writes a colour picture as an 8-bit RGB PNG file.
    ///
    /// - Throws: `EightCutError` when the file cannot be written.
    package static func write(_ image: RGBImage, to path: FilePath) throws {
        let file = image.pixels.withUnsafeBufferPointer { pixels in
            cpng_encode(
                pixels.baseAddress,
                UInt32(image.width),
                UInt32(image.height),
                3,
                8,
                CPNG_PHOTO
            )
        }
        try write(file, to: path)
    }

    /// Writes a depth map, or another picture of many grey levels, as a 16-bit grey PNG file.
    ///
    /// - Throws: `EightCutError` when the file cannot be written.
    package static func write(_ image: Gray16Image, to path: FilePath) throws {
        let file = image.pixels.withUnsafeBufferPointer { pixels in
            cpng_encode(
                pixels.baseAddress,
                UInt32(image.width),
                UInt32(image.height),
                1,
                16,
                CPNG_PHOTO
            )
        }
        try write(file, to: path)
    }

    /// Writes numbers of objects as an indexed PNG file, each number with a colour of its own.
    ///
    /// - Throws: `EightCutError` when the file cannot be written.
    package static func write(_ image: IndexedImage, to path: FilePath) throws {
        let palette = (0..<256).flatMap { number in
            let colour = IndexedImage.colour(of: number)
            return [colour.red, colour.green, colour.blue]
        }
        let file = image.pixels.withUnsafeBufferPointer { pixels in
            cpng_encode_indexed(
                pixels.baseAddress,
                UInt32(image.width),
                UInt32(image.height),
                palette,
                256
            )
        }
        try write(file, to: path)
    }

    private static func write(_ file: CPngBytes, to path: FilePath) throws {
        defer { free(file.bytes) }
        if let message = message(of: file) {
            throw EightCutError(
                .internalFault,
                "cannot encode the picture",
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
