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

extension PNG {
    /// More pixels than any video has; keeps a broken file from asking for all memory.
    private static let maximumPixels: UInt64 = 1 << 28

    /// Reads an 8-bit grey PNG file.
    ///
    /// - Throws: `EightCutError` when the file cannot be read, is damaged, or is not 8-bit grey.
    package static func readGray(_ path: FilePath) throws -> GrayImage {
        let (width, height, pixels) = try read(path, as: UInt8.self)
        return GrayImage(width: width, height: height, pixels: pixels)
    }

    /// Reads a 16-bit grey PNG file.
    ///
    /// - Throws: `EightCutError` when the file cannot be read, is damaged, or is not 16-bit grey.
    package static func readGray16(_ path: FilePath) throws -> Gray16Image {
        let (width, height, pixels) = try read(path, as: UInt16.self)
        return Gray16Image(width: width, height: height, pixels: pixels)
    }

    /// Reads an indexed PNG file: the numbers, not the colours.
    ///
    /// - Throws: `EightCutError` when the file cannot be read, is damaged, or is not indexed.
    package static func readIndexed(_ path: FilePath) throws -> IndexedImage {
        let (width, height, pixels) = try read(path, as: UInt8.self, isIndexed: true)
        return IndexedImage(width: width, height: height, pixels: pixels)
    }

    /// An image of one of the kinds that are read.
    package enum Image: Sendable, Equatable {
        case gray(GrayImage)
        case gray16(Gray16Image)
        case indexed(IndexedImage)
    }

    /// Reads a PNG file of whatever kind it is.
    ///
    /// - Throws: `EightCutError` when the file cannot be read, is damaged, or is of none of them.
    package static func readImage(_ path: FilePath) throws -> Image {
        let image = try decoded(path)
        defer { free(image.pixels.bytes) }
        let (width, height) = (Int(image.width), Int(image.height))
        switch (image.channels, image.bit_depth, image.is_indexed) {
        case (1, 8, 0):
            return .gray(GrayImage(width: width, height: height, pixels: samples(of: image)))
        case (1, 16, 0):
            return .gray16(Gray16Image(width: width, height: height, pixels: samples(of: image)))
        case (1, 8, 1):
            return .indexed(IndexedImage(width: width, height: height, pixels: samples(of: image)))
        default:
            throw EightCutError(
                .inputUnusable,
                "cannot use the image",
                on: path.string,
                because: "it is neither grey nor indexed"
            )
        }
    }

    private static func read<Sample: FixedWidthInteger & BitwiseCopyable>(
        _ path: FilePath,
        as sample: Sample.Type,
        isIndexed: Bool = false
    ) throws -> (width: Int, height: Int, pixels: [Sample]) {
        let image = try decoded(path)
        defer { free(image.pixels.bytes) }
        guard image.channels == 1, image.bit_depth == UInt32(Sample.bitWidth),
            (image.is_indexed != 0) == isIndexed
        else {
            let kind =
                isIndexed ? "an indexed" : Sample.bitWidth == 8 ? "an 8-bit grey" : "a 16-bit grey"
            throw EightCutError(
                .inputUnusable,
                "cannot use the mask",
                on: path.string,
                because: "it is not \(kind) image"
            )
        }
        return (Int(image.width), Int(image.height), samples(of: image))
    }

    private static func samples<Sample: BitwiseCopyable>(of image: CPngImage) -> [Sample] {
        let file = UnsafeRawBufferPointer(start: image.pixels.bytes, count: image.pixels.count)
        return [Sample](file.bindMemory(to: Sample.self))
    }

    /// The image as it is stored; its bytes are the caller's to free.
    private static func decoded(_ path: FilePath) throws -> CPngImage {
        let bytes = try content(of: path)
        let image = cpng_decode(bytes, bytes.count, maximumPixels)
        if let message = message(of: image.pixels) {
            free(image.pixels.bytes)
            throw EightCutError(
                .inputUnusable,
                "cannot read the image",
                on: path.string,
                because: message
            )
        }
        return image
    }

    private static func content(of path: FilePath) throws -> [UInt8] {
        do {
            let descriptor = try FileDescriptor.open(path, .readOnly)
            return try descriptor.closeAfter { () throws -> [UInt8] in
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
    }
}
