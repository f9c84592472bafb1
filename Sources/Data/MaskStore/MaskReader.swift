import Diagnostics
import Files
import Imaging
import Media
import SystemPackage

/// Reads the masks of a folder, whoever made them.
package struct MaskReader: Sendable {
    private let folder: FilePath
    /// How many masks the manifest declares, nil without a manifest.
    package let frameCount: Int?
    /// How the video was read when the masks were made, as far as the manifest says it.
    package let videoOptions: VideoOptions

    /// - Throws: `EightCutError` when there are no masks in the folder.
    package init(_ folder: FilePath) throws {
        self.folder = folder
        let kind = (try? Folder.kind(of: folder)) ?? .missing
        guard kind == .folder, try Folder.names(in: folder).contains(where: MaskName.isOfFrame)
        else {
            throw EightCutError(
                .inputMissing,
                "cannot find masks in",
                on: folder.string,
                because: kind == .folder ? "there is no frame_0000.png" : "there is no such folder",
                remedy: "Make them first, for example with 8cut masks saliency --input VIDEO."
            )
        }
        let manifest = folder.appending(MaskManifest.fileName)
        let known = try? MaskManifest(readingFrom: manifest)
        frameCount = known.flatMap { $0.frameCount > 0 ? $0.frameCount : nil }
        videoOptions = known?.input.videoOptions ?? VideoOptions()
    }

    /// The mask of a frame, nil where there is none.
    ///
    /// - Throws: `EightCutError` when the mask is damaged or not of the video's size.
    package func mask(_ frame: Int, like stream: VideoStream) throws -> GrayImage? {
        let path = folder.appending(MaskName.of(frame: frame))
        guard (try? Folder.kind(of: path)) == .file else { return nil }
        let mask = try image(path, stream.width, stream.height)
        guard mask.width == stream.width, mask.height == stream.height else {
            throw EightCutError(
                .inputUnusable,
                "cannot use the mask",
                on: path.string,
                because: "it has \(mask.width)x\(mask.height) pixels, the video "
                    + "\(stream.width)x\(stream.height)",
                remedy: "Give the video that the masks were made for."
            )
        }
        return mask
    }

    /// Reads an image that can be of the video, within limits.
    private func image(_ path: FilePath, _ width: Int, _ height: Int) throws -> GrayImage {
        let limit = MaskLimits.imageBytes(width: width, height: height, bytesPerPixel: 1)
        do {
            let bytes = try SmallFile.read(path, limit: max(limit, Self.readableBytes))
            let pixels = max(width * height, Self.readableBytes)
            return try PNG.gray(bytes, at: path, maximumPixels: pixels)
        } catch let error as Errno {
            throw EightCutError(.inputMissing, "cannot read", on: path.string, because: "\(error)")
        }
    }

    /// Masks of other videos are read up to this size, for the message about theirs.
    private static let readableBytes = 1 << 24
}
