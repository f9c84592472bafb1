import Diagnostics
import Files
import Imaging
import MaskStore
import SystemPackage

/// Reads masks that are given as prompts.
enum MaskPrompt {
    /// Pixels of this value or more are on the object.
    static let level: UInt8 = 128
    /// The most pixels of all masks together, which are kept in memory.
    static let maximumPixels = 1 << 30
    /// Images of so many pixels are read whatever the video's size, for the message about theirs.
    private static let readablePixels = 1 << 24
    /// More bytes than any PNG file of a video's size has.
    private static let maximumBytes = 1 << 28

    /// Reads a mask and checks it. One that 8cut has made shows its object, whatever the polarity of
    /// its folder; of others white is the object.
    ///
    /// - Returns: the mask, 255 where the object is and 0 elsewhere.
    /// - Throws: `EightCutError` when it is missing, no 8-bit grey PNG file, of another size than
    ///   the video, or empty.
    static func read(_ path: FilePath, width: Int, height: Int, _ origin: PromptOrigin) throws
        -> GrayImage
    {
        let bytes = try bytes(of: path, origin)
        var image = try image(bytes, path, width * height, origin)
        guard image.width == width, image.height == height else {
            throw origin.error(
                .inputUnusable,
                "the mask \(quoted(path.string)) is \(image.width)x\(image.height), and the video "
                    + "is \(width)x\(height)",
                remedy: "Give a mask of the video's size, upright as the video is shown."
            )
        }
        let polarity = try MaskPolarity(ofFile: path)
        let isInverted = polarity == .blackObject
        image = polarity.object(in: image)
        guard image.pixels.contains(255) else {
            throw origin.error(
                .inputUnusable,
                "the mask \(quoted(path.string)) is empty: no pixel is "
                    + (isInverted ? "black, as the object is there" : "\(level) or more"),
                remedy: isInverted
                    ? "Take the mask of a frame that shows the object."
                    : "Paint the object white (255) and the rest black (0)."
            )
        }
        return image
    }

    private static func image(
        _ bytes: [UInt8],
        _ path: FilePath,
        _ pixels: Int,
        _ origin: PromptOrigin
    ) throws -> GrayImage {
        do {
            // One that is a little too large is read for the message about its size.
            let limit = max(pixels, readablePixels)
            return try PNG.gray(bytes, at: path, maximumPixels: limit)
        } catch let error as EightCutError {
            throw origin.error(
                error.code,
                "the image \(quoted(path.string)) is no mask: \(error.why)",
                remedy: "A mask is an 8-bit grey PNG file: ffmpeg -i mask -pix_fmt gray mask.png"
            )
        }
    }

    /// - Throws: `EightCutError` when it is missing, no plain file, or too large. Pipes and devices
    ///   are not waited for.
    private static func bytes(of path: FilePath, _ origin: PromptOrigin) throws -> [UInt8] {
        let advice =
            "A file whose own name ends with @ or # and digits needs both numbers behind "
            + "it, as in name@3@0#1."
        do {
            return try SmallFile.read(path, limit: maximumBytes)
        } catch Errno.noSuchFileOrDirectory, Errno.notDirectory {
            throw origin.error(
                .inputMissing,
                "there is no file \(quoted(path.absolute.string))",
                remedy: origin.description.unicodeScalars.contains { $0 == "@" || $0 == "#" }
                    ? advice : nil
            )
        } catch Errno.fileTooLarge {
            throw origin.error(
                .inputUnusable,
                "the file \(quoted(path.string)) is too large for a mask",
                remedy: "A mask is an 8-bit grey PNG file."
            )
        } catch is EightCutError, Errno.isDirectory {
            throw origin.error(
                .inputUnusable,
                "\(quoted(path.string)) is no file",
                remedy: "A mask is an 8-bit grey PNG file."
            )
        } catch let error as Errno {
            throw origin.error(
                .inputMissing,
                "the file \(quoted(path.string)) cannot be read: \(error)",
                remedy: nil
            )
        }
    }
}
