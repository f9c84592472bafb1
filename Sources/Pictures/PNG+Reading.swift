import CPng
import Diagnostics
import Files
import Glibc
import Pixels
import SystemPackage

extension PNG {
    /// More pixels than any video has; keeps a broken file from asking for all memory.
    private static let maximumPixels: UInt64 = 1 << 28

    /// Reads an 8-bit grey PNG file.
    ///
    /// - Throws: `EightCutError` when the file cannot be read, is damaged, or is not 8-bit grey.
    public static func readGray(_ path: FilePath) throws -> GrayImage {
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

    private static func read<Sample: FixedWidthInteger>(
        _ path: FilePath,
        as sample: Sample.Type
    ) throws -> (width: Int, height: Int, pixels: [Sample]) {
        let bytes = try content(of: path)
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
        guard image.channels == 1, image.bit_depth == UInt32(Sample.bitWidth) else {
            throw EightCutError(
                .inputUnusable,
                "cannot use the mask",
                on: path.string,
                because: "it is not \(Sample.bitWidth == 8 ? "an 8" : "a 16")-bit grey picture"
            )
        }
        let file = UnsafeRawBufferPointer(start: image.pixels.bytes, count: image.pixels.count)
        let pixels = [Sample](file.bindMemory(to: sample))
        return (Int(image.width), Int(image.height), pixels)
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
