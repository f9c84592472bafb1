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
        try write(encoded(image), to: path)
    }

    /// Writes a colour image as an 8-bit RGB PNG file.
    ///
    /// - Throws: `EightCutError` if the file cannot be written.
    package static func write(_ image: RGBImage, to path: FilePath) throws {
        try write(encoded(image), to: path)
    }

    /// Writes a depth map, or another image of many grey levels, as a 16-bit grey PNG file.
    ///
    /// - Throws: `EightCutError` if the file cannot be written.
    package static func write(_ image: Gray16Image, to path: FilePath) throws {
        try write(encoded(image), to: path)
    }

    /// Writes object numbers as an indexed PNG file, each number with its own colour.
    ///
    /// - Throws: `EightCutError` if the file cannot be written.
    package static func write(_ image: IndexedImage, to path: FilePath) throws {
        try write(encoded(image), to: path)
    }

    private static func write(_ file: EncodedPNG, to path: FilePath) throws {
        try AtomicFile.write(to: path) { try file.write(to: $0) }
    }

    /// An 8-bit grey PNG file of few grey levels.
    ///
    /// - Throws: `EightCutError` if it cannot be encoded.
    package static func encoded(_ image: GrayImage) throws -> EncodedPNG {
        try encoded(image.pixels, image.width, image.height, as: CPNG_FLAT)
    }

    /// An 8-bit RGB PNG file.
    ///
    /// - Throws: `EightCutError` if it cannot be encoded.
    package static func encoded(_ image: RGBImage) throws -> EncodedPNG {
        try encoded(image.pixels, image.width, image.height, channels: 3, as: CPNG_PHOTO)
    }

    /// A 16-bit grey PNG file of many grey levels.
    ///
    /// - Throws: `EightCutError` if it cannot be encoded.
    package static func encoded(_ image: Gray16Image) throws -> EncodedPNG {
        try encoded(image.pixels, image.width, image.height, as: CPNG_PHOTO)
    }

    /// An indexed PNG file, each number with its own colour.
    ///
    /// - Throws: `EightCutError` if it cannot be encoded.
    package static func encoded(_ image: IndexedImage) throws -> EncodedPNG {
        let palette = (0..<256).flatMap { number in
            let colour = IndexedImage.colour(of: number)
            return [colour.red, colour.green, colour.blue]
        }
        let (width, height) = (UInt32(image.width), UInt32(image.height))
        return try EncodedPNG(cpng_encode_indexed(image.pixels, width, height, palette, 256))
    }

    private static func encoded<Sample: FixedWidthInteger & BitwiseCopyable>(
        _ pixels: [Sample],
        _ width: Int,
        _ height: Int,
        channels: UInt32 = 1,
        as content: CPngContent
    ) throws -> EncodedPNG {
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
        return try EncodedPNG(file)
    }

    static func message(of result: CPngBytes) -> String? {
        withUnsafeBytes(of: result.message) { bytes in
            let text = bytes.prefix { $0 != 0 }
            return text.isEmpty ? nil : String(decoding: text, as: UTF8.self)
        }
    }
}

/// A PNG file in memory.
package final class EncodedPNG {
    private let file: CPngBytes

    fileprivate init(_ file: CPngBytes) throws {
        if let message = PNG.message(of: file) {
            free(file.bytes)
            throw EightCutError.internalFault("cannot encode an image", because: message)
        }
        self.file = file
    }

    deinit { free(file.bytes) }

    /// Writes its bytes.
    ///
    /// - Throws: `Errno`.
    package func write(to descriptor: FileDescriptor) throws {
        _ = try descriptor.writeAll(UnsafeRawBufferPointer(start: file.bytes, count: file.count))
    }
}

extension PNG {
    /// The most pixels of an image, and of a frame of a video: twice those of 8K. Keeps a small file
    /// from asking for all memory.
    package static let maximumPixels = 1 << 26

    /// Reads an 8-bit grey PNG file.
    ///
    /// - Throws: `EightCutError` when the file cannot be read, is damaged, or is not 8-bit grey.
    package static func readGray(_ path: FilePath) throws -> GrayImage {
        let (width, height, pixels) = try read(path, as: UInt8.self)
        return GrayImage(width: width, height: height, pixels: pixels)
    }

    /// The image of an 8-bit grey PNG file in memory.
    ///
    /// - Parameters:
    ///   - bytes: the file.
    ///   - path: where it is from, for errors.
    ///   - maximumPixels: images with more are refused before they take up memory.
    /// - Returns: the image.
    /// - Throws: `EightCutError` when it is damaged, too large, or not 8-bit grey.
    package static func gray(
        _ bytes: [UInt8],
        at path: FilePath,
        maximumPixels: Int
    ) throws -> GrayImage {
        let (width, height, pixels) = try read(bytes, path, maximumPixels, as: UInt8.self)
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
        try image(PNGFile.content(of: path), at: path, maximumPixels: maximumPixels)
    }

    /// The image of a PNG file in memory, of whatever kind it is.
    ///
    /// - Parameters:
    ///   - bytes: the file.
    ///   - path: where it is from, for errors.
    ///   - maximumPixels: images with more are refused before they take up memory.
    /// - Returns: the image.
    /// - Throws: `EightCutError` when it is damaged, too large, or of none of the kinds.
    package static func image(
        _ bytes: [UInt8],
        at path: FilePath,
        maximumPixels: Int
    ) throws -> Image {
        let image = try decoded(bytes, path, maximumPixels)
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
        try read(PNGFile.content(of: path), path, maximumPixels, as: sample, isIndexed: isIndexed)
    }

    private static func read<Sample: FixedWidthInteger & BitwiseCopyable>(
        _ bytes: [UInt8],
        _ path: FilePath,
        _ maximumPixels: Int,
        as sample: Sample.Type,
        isIndexed: Bool = false
    ) throws -> (width: Int, height: Int, pixels: [Sample]) {
        let image = try decoded(bytes, path, maximumPixels)
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
    static func decoded(
        _ bytes: [UInt8],
        _ path: FilePath,
        _ maximumPixels: Int
    ) throws -> CPngImage {
        let image = cpng_decode(bytes, bytes.count, UInt64(maximumPixels))
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
}
