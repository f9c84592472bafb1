import CPng
import Diagnostics
import Files
import Glibc
import Pixels
import SystemPackage

/// Reads and writes PNG files with libpng.
public enum PNG {
    /// More pixels than any video has; keeps a broken file from asking for all memory.
    private static let maximumPixels: UInt64 = 1 << 28

    /// Writes a mask, or another picture of few grey levels, as an 8-bit grey PNG file.
    ///
    /// - Throws: `EightCutError` when the file cannot be written.
    public static func write(_ image: GrayImage, to path: FilePath) throws {
        let file = image.pixels.withUnsafeBufferPointer { pixels in
            cpng_encode(
                pixels.baseAddress,
                UInt32(image.width),
                UInt32(image.height),
                1,
                CPNG_FLAT
            )
        }
        try write(file, to: path)
    }

    /// Writes a colour picture as an 8-bit RGB PNG file.
    ///
    /// - Throws: `EightCutError` when the file cannot be written.
    public static func write(_ image: RGBImage, to path: FilePath) throws {
        let file = image.pixels.withUnsafeBufferPointer { pixels in
            cpng_encode(
                pixels.baseAddress,
                UInt32(image.width),
                UInt32(image.height),
                3,
                CPNG_PHOTO
            )
        }
        try write(file, to: path)
    }

    /// Reads an 8-bit grey PNG file.
    ///
    /// - Throws: `EightCutError` when the file cannot be read, is damaged, or is not 8-bit grey.
    public static func readGray(_ path: FilePath) throws -> GrayImage {
        let bytes: [UInt8]
        do {
            let descriptor = try FileDescriptor.open(path, .readOnly)
            bytes = try descriptor.closeAfter { () throws -> [UInt8] in
                let size = try descriptor.seek(offset: 0, from: .end)
                return try [UInt8](unsafeUninitializedCapacity: Int(size)) { buffer, count in
                    count = try descriptor.read(
                        fromAbsoluteOffset: 0,
                        into: UnsafeMutableRawBufferPointer(buffer)
                    )
                }
            }
        } catch let error as Errno {
            throw EightCutError(.inputMissing, "cannot read", on: path.string, because: "\(error)")
        }
        let image = cpng_decode(bytes, bytes.count, maximumPixels)
        defer { free(image.pixels.bytes) }
        if let message = message(of: image.pixels) {
            throw EightCutError(
                .inputUnusable,
                "cannot read the picture",
                on: path.string,
                because: message
            )
        }
        guard image.channels == 1, image.bit_depth == 8 else {
            throw EightCutError(
                .inputUnusable,
                "cannot use the mask",
                on: path.string,
                because: "it is not an 8-bit grey picture"
            )
        }
        let pixels = [UInt8](
            UnsafeBufferPointer(start: image.pixels.bytes, count: image.pixels.count)
        )
        return GrayImage(width: Int(image.width), height: Int(image.height), pixels: pixels)
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

    private static func message(of result: CPngBytes) -> String? {
        withUnsafeBytes(of: result.message) { bytes in
            let text = bytes.prefix { $0 != 0 }
            return text.isEmpty ? nil : String(decoding: text, as: UTF8.self)
        }
    }
}
