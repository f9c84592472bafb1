import Diagnostics
import Files
import Imaging
import SystemPackage

/// Reads masks that are given as prompts.
enum MaskPrompt {
    /// Pixels of this value or more are on the object.
    static let level: UInt8 = 128
    /// The most pixels of all masks together, which are kept in memory.
    static let maximumPixels = 1 << 30
    /// More bytes than any PNG file of a video's size has.
    private static let maximumBytes: Int64 = 1 << 28

    /// Reads a mask and checks it.
    ///
    /// - Returns: the mask, 255 where the object is and 0 elsewhere.
    /// - Throws: `EightCutError` when it is missing, no 8-bit grey PNG file, of another size than
    ///   the video, or empty.
    static func read(_ path: FilePath, width: Int, height: Int, _ origin: PromptOrigin) throws
        -> GrayImage
    {
        try checkFile(path, origin)
        var image: GrayImage
        do {
            image = try PNG.readGray(path)
        } catch let error as EightCutError {
            throw origin.error(
                error.code,
                "the image \(quoted(path.string)) is no mask: \(error.why)",
                remedy: "A mask is an 8-bit grey PNG file: ffmpeg -i mask -pix_fmt gray mask.png"
            )
        }
        guard image.width == width, image.height == height else {
            throw origin.error(
                .inputUnusable,
                "the mask \(quoted(path.string)) is \(image.width)x\(image.height), and the video "
                    + "is \(width)x\(height)",
                remedy: "Give a mask of the video's size, upright as the video is shown."
            )
        }
        var isEmpty = true
        image.pixels.withUnsafeMutableBufferPointer { pixels in
            for index in pixels.indices {
                let isObject = pixels[index] >= level
                pixels[index] = isObject ? 255 : 0
                if isObject { isEmpty = false }
            }
        }
        guard !isEmpty else {
            throw origin.error(
                .inputUnusable,
                "the mask \(quoted(path.string)) is empty: no pixel is \(level) or more",
                remedy: "Paint the object white (255) and the rest black (0)."
            )
        }
        return image
    }

    /// - Throws: `EightCutError` when it is missing, no file, or too large.
    private static func checkFile(_ path: FilePath, _ origin: PromptOrigin) throws {
        let advice =
            "A file whose own name ends with @ or # and digits needs both numbers behind "
            + "it, as in name@3@0#1."
        do {
            switch try Folder.kind(of: path) {
            case .missing:
                throw origin.error(
                    .inputMissing,
                    "there is no file \(quoted(path.absolute.string))",
                    remedy: origin.description.contains { $0 == "@" || $0 == "#" } ? advice : nil
                )
            case .file: break
            case .folder, .other:
                throw origin.error(
                    .inputUnusable,
                    "\(quoted(path.string)) is no file",
                    remedy: "A mask is an 8-bit grey PNG file."
                )
            }
            let file = try FileDescriptor.open(path, .readOnly)
            let size = try file.closeAfter { try file.seek(offset: 0, from: .end) }
            guard size <= maximumBytes else {
                throw origin.error(
                    .inputUnusable,
                    "the file \(quoted(path.string)) is too large for a mask",
                    remedy: "A mask is an 8-bit grey PNG file."
                )
            }
        } catch let error as Errno {
            throw origin.error(
                .inputMissing,
                "the file \(quoted(path.string)) cannot be read: \(error)",
                remedy: nil
            )
        }
    }
}
