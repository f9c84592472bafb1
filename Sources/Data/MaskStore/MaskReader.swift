import Diagnostics
import Files
import Imaging
import Media
import SystemPackage

/// A folder of masks that was found, whoever made them.
package struct FoundMasks: Sendable {
    package let folder: FilePath
    let manifest: MaskManifest?
    let inventory: MaskInventory

    /// - Throws: `EightCutError` when there is no such folder, no mask in it, or a manifest of 8cut
    ///   that cannot be read.
    package init(_ folder: FilePath) throws {
        self.folder = folder
        inventory = try Self.inventory(of: folder)
        manifest = try MaskManifest(foundIn: folder)
    }

    private static func inventory(of folder: FilePath) throws -> MaskInventory {
        let kind = (try? Folder.kind(of: folder)) ?? .missing
        let remedy = "Make them first, for example with 8cut masks saliency --input VIDEO."
        guard kind == .folder else {
            throw EightCutError(
                .inputMissing,
                "cannot find masks in",
                on: folder.string,
                because: kind == .missing ? "there is no such folder" : "it is no folder",
                remedy: remedy
            )
        }
        let inventory = MaskInventory(try Folder.names(in: folder))
        guard inventory.frames.isEmpty else { return inventory }
        let strays = inventory.excess(frameCount: 0)
        throw EightCutError(
            .inputUnusable,
            "cannot find masks in",
            on: folder.string,
            because: (["no frame has a mask (frame_0000.png and so on)"] + strays)
                .joined(separator: "; "),
            remedy: strays.isEmpty ? remedy : "Rename the files: frame_0000.png is the first."
        )
    }

    /// What the files show, by the manifest; white is the object where there is none of 8cut.
    package var polarity: MaskPolarity { manifest?.polarity ?? .whiteObject }

    /// How the video was read when the masks were made, as far as the manifest says it.
    package var videoOptions: VideoOptions { manifest?.input.videoOptions ?? VideoOptions() }

    /// How many masks a finished run has made; nil when nobody knows.
    package var declaredCount: Int? {
        manifest.flatMap { $0.complete && $0.frameCount > 0 ? $0.frameCount : nil }
    }
}

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
            unusable[frame] = EightCutError(ending: error).clause
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
        var clauses = masks.inventory.gaps(frameCount: frameCount)
        let bad = unusable.sorted { $0.key < $1.key }
        clauses += bad.prefix(Self.shownCount).map { "\(MaskName.of(frame: $0.key)): \($0.value)" }
        if bad.count > Self.shownCount {
            let rest = bad.dropFirst(Self.shownCount).map(\.key)
            clauses.append("the masks of \(FrameRanges.text(rest)) cannot be used either")
        }
        clauses += masks.inventory.excess(frameCount: frameCount)
        guard !clauses.isEmpty else { return nil }
        return MaskSetProblem(
            folder: masks.folder,
            clauses: clauses,
            isUnfinished: masks.manifest.map { !$0.complete } ?? false
        )
    }

    /// Masks whose fault is told in words.
    private static let shownCount = 3
}

/// Masks that are not one for each frame of a video.
package struct MaskSetProblem: Sendable, Equatable {
    let folder: FilePath
    /// What lacks and what is too many.
    let clauses: [String]
    /// Whether the run that makes them has not come to its end.
    let isUnfinished: Bool

    package init(folder: FilePath, clauses: [String], isUnfinished: Bool = false) {
        self.folder = folder
        self.clauses = clauses
        self.isUnfinished = isUnfinished
    }

    /// The error with which a command ends that has done what could be done.
    ///
    /// - Parameters:
    ///   - problems: one for each folder that has one.
    ///   - done: what was done all the same, as a sentence.
    /// - Returns: nil without problems.
    package static func error(of problems: [MaskSetProblem], done: String) -> EightCutError? {
        guard let first = problems.first else { return nil }
        let others = problems.dropFirst().map {
            "in \(quoted($0.folder.string)): " + $0.clauses.joined(separator: "; ")
        }
        let advice =
            problems.contains(where: \.isUnfinished)
            ? "The run that makes the masks was interrupted: give its command again to finish it."
            : "Make missing masks again with the same 8cut masks command, and move away what is "
                + "too many."
        return EightCutError(
            .inputUnusable,
            "cannot find one mask for each frame in",
            on: first.folder.string,
            because: (first.clauses + others).joined(separator: "; "),
            remedy: done + " " + advice
        )
    }
}

extension MaskSetProblem {
    /// What a look at the names in a folder tells about the masks of a finished run.
    ///
    /// - Returns: nil when there is one mask for each frame, and no more; or when the folder cannot
    ///   be read.
    package init?(of folder: FilePath, _ manifest: MaskManifest) {
        guard let names = try? Folder.names(in: folder) else { return nil }
        let inventory = MaskInventory(names)
        let clauses = inventory.clauses(frameCount: manifest.frameCount)
        guard !clauses.isEmpty else { return nil }
        self.init(folder: folder, clauses: clauses, isUnfinished: !manifest.complete)
    }

    /// All that is wrong, in one line.
    package var text: String { clauses.joined(separator: "; ") }
}

extension EightCutError {
    /// The reason alone, for a list of several.
    fileprivate var clause: String { why }
}
