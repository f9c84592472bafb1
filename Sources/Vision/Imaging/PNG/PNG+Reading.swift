import CPng
import Diagnostics
import Files
import Glibc
import SystemPackage

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

    /// A image of one of the kinds that are read.
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
