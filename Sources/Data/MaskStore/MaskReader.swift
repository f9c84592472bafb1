import Diagnostics
import Files
import Imaging
import Media
import SystemPackage

/// Reads the masks of a video. What is wrong with single masks is noted and does not end the work;
/// `problem` tells of it.
///
/// Everything that uses mask files reads them here, since the folder's manifest says what black and
/// white are in them.
package struct MaskReader: Sendable {
    private let masks: FoundMasks
    private let stream: VideoStream
    /// What is wrong with masks that could not be used, by frame.
    private var unusable: [Int: String] = [:]

    /// - Parameters:
    ///   - masks: the masks.
    ///   - stream: the video stream that they belong to.
    /// - Throws: `EightCutError` when none of them can be of the video.
    package init(_ masks: FoundMasks, like stream: VideoStream) throws {
        self.masks = masks
        self.stream = stream
        try requireOneOfTheVideo()
    }

    // MARK: - Masks

    /// The object on a frame.
    ///
    /// - Returns: 255 on the object and 0 elsewhere, whatever the file's polarity; nil when there is
    ///   no mask that can be used.
    package mutating func object(on frame: Int) -> GrayImage? {
        file(of: frame).map(masks.polarity.object)
    }

    /// The mask of a frame as its file has it.
    ///
    /// - Returns: an image of the video's size; nil when there is no mask that can be used.
    package mutating func file(of frame: Int) -> GrayImage? {
        do {
            return try read(frame)
        } catch {
            unusable[frame] = EightCutError(ending: error).why
            return nil
        }
    }

    /// The file of a frame without an object.
    package var background: GrayImage {
        let level: UInt8 = masks.polarity == .whiteObject ? 0 : 255
        let (width, height) = (stream.width, stream.height)
        let pixels = [UInt8](repeating: level, count: width * height)
        return GrayImage(width: width, height: height, pixels: pixels)
    }

    /// - Returns: nil when there is no mask.
    /// - Throws: `EightCutError` when it cannot be read, is damaged, or not of the video's size.
    private func read(_ frame: Int) throws -> GrayImage? {
        let path = masks.folder.appending(MaskName.of(frame: frame))
        guard (try? Folder.kind(of: path)) == .file else { return nil }
        let mask = try image(path)
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
    private func image(_ path: FilePath) throws -> GrayImage {
        let (width, height) = (stream.width, stream.height)
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

    // MARK: - Problems

    /// Masks of another video are refused at once, not one by one.
    private func requireOneOfTheVideo() throws {
        var first: (any Error)?
        for frame in masks.inventory.frames.prefix(Self.triedCount) {
            do {
                if try read(frame) != nil { return }
            } catch {
                first = first ?? error
            }
        }
        if let first { throw first }
    }

    /// Masks that are looked at before all of them count as those of another video.
    private static let triedCount = 20

    /// What is wrong with the masks, after those that are needed have been read.
    ///
    /// - Parameter frameCount: how many frames the video has. They decide which masks there have to
    ///   be, whatever the manifest says.
    /// - Returns: nil when there is one mask for each frame, and no more.
    package func problem(frameCount: Int) -> MaskSetProblem? {
        var gaps = masks.inventory.gaps(frameCount: frameCount)
        let bad = unusable.sorted { $0.key < $1.key }
        gaps += bad.prefix(Self.shownCount).map { "\(MaskName.of(frame: $0.key)): \($0.value)" }
        if bad.count > Self.shownCount {
            let rest = bad.dropFirst(Self.shownCount).map(\.key)
            gaps.append("the masks of \(FrameRanges.text(rest)) cannot be used either")
        }
        return MaskSetProblem(
            masks.folder,
            gaps: gaps,
            excess: masks.inventory.excess(frameCount: frameCount),
            isUnfinished: masks.manifest.map { !$0.complete } ?? false
        )
    }

    /// Masks whose fault is told in words.
    private static let shownCount = 3
}
