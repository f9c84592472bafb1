import Diagnostics
import Files
import Imaging
import SystemPackage

/// A folder of masks that is held open: `frame_0000.png`, `frame_0001.png`, … and `masks.json`.
package struct MaskFolder: Sendable {
    /// Masks that are drawn and written at the same time, at most. A run that is killed leaves
    /// no masks but the first so many that are not in its journal.
    package static let maximumUnrecorded = 4

    static let manifestName: FilePath.Component = "masks.json"
    /// Where new masks are built while the old ones are still in place.
    static let stagingName: FilePath.Component = ".8cut-staging"

    let files: OpenFolder

    /// `<clip_stem>_masks` next to the video. The folder of an image sequence has no extension, so
    /// a dot in its name is part of it.
    package static func defaultPath(for input: FilePath) -> FilePath {
        let input = input.absolute
        let isFolder = FileStatus(following: input)?.kind == .folder
        let name = isFolder ? input.lastComponent?.string : input.stem
        return input.removingLastComponent().appending((name ?? "video") + "_masks")
    }

    /// The path that it was opened at.
    package var path: FilePath { files.path }

    /// The folder of new masks, nil for none.
    ///
    /// - Throws: `EightCutError` when a link or something else than a folder has its name.
    func staging() throws -> MaskFolder? {
        try files.folder(Self.stagingName).map(MaskFolder.init)
    }

    /// A folder inside this one with one more image for each frame, nil for none.
    ///
    /// - Throws: `EightCutError` when a link or something else than a folder has its name.
    func auxiliary(_ folder: AuxiliaryFolder) throws -> OpenFolder? {
        guard let name = folder.name else { return nil }
        return try files.folder(name)
    }

    /// Whether the mask of a frame is there, undamaged, and the one that the record describes,
    /// with its auxiliary images.
    ///
    /// - Parameters:
    ///   - record: what the manifest or the journal has about the frame.
    ///   - manifest: the manifest that the record belongs to.
    ///   - wanted: the manifest of the run, which knows the video's size.
    ///   - folders: the auxiliary folders, opened.
    /// - Returns: false when it is missing, damaged or another one.
    /// - Throws: `EightCutError` when something other than a plain file has a mask's name.
    func holdsMask(
        _ record: FrameRecord,
        of manifest: MaskManifest,
        _ wanted: MaskManifest,
        _ folders: [(kind: AuxiliaryImage.Kind, folder: OpenFolder?)]
    ) throws -> Bool {
        let input = wanted.input
        guard case .gray(let mask) = try Self.image(record.frame, in: files, like: input, bytes: 1),
            mask.width == input.width, mask.height == input.height,
            record.describes(mask, manifest.recordPolarity)
        else { return false }
        return try folders.allSatisfy { kind, folder in
            guard let folder,
                let image = try Self.image(record.frame, in: folder, like: input, bytes: 2)
            else { return false }
            let auxiliary = AuxiliaryImage(image)
            return auxiliary.kind == kind && auxiliary.size == (input.width, input.height)
        }
    }

    /// What records of an earlier version say today, where they speak of the background.
    ///
    /// - Parameters:
    ///   - records: records of undamaged masks, from the first frame on.
    ///   - manifest: the manifest that they belong to.
    /// - Returns: nil where they speak of the object already.
    /// - Throws: `EightCutError` when a mask cannot be read any more; `CancellationError`.
    func objectRecords(
        of records: some Sequence<FrameRecord>,
        _ manifest: MaskManifest
    ) throws -> [FrameRecord]? {
        guard manifest.describesBackground else { return nil }
        var jumps = JumpDetector()
        return try records.map { record in
            try Task.checkCancellation()
            guard
                case .gray(let mask) = try Self.image(
                    record.frame,
                    in: files,
                    like: manifest.input,
                    bytes: 1
                )
            else { throw files.movedError() }
            return jumps.flagged(record.measured(on: manifest.polarity.object(in: mask)))
        }
    }

    /// The image of a frame, nil when it is missing, damaged, or larger than one of the video.
    private static func image(
        _ frame: Int,
        in folder: OpenFolder,
        like input: MaskManifest.Input,
        bytes: Int
    ) throws -> PNG.Image? {
        let name = MaskName.component(of: frame)
        let path = folder.path.appending(name)
        guard let status = try folder.status(of: name) else { return nil }
        try status.requirePlainFile(path)
        let limit = MaskLimits.imageBytes(
            width: input.width,
            height: input.height,
            bytesPerPixel: bytes
        )
        guard status.bytes <= limit, let file = try? folder.read(name, limit: limit) else {
            return nil
        }
        return try? PNG.image(file, at: path, maximumPixels: input.width * input.height)
    }

    /// Deletes the masks of some frames.
    ///
    /// - Throws: `EightCutError` when one cannot be deleted.
    static func removeFrames(_ range: Range<Int>, in folder: OpenFolder) throws {
        for name in try folder.names() {
            guard let frame = MaskName.frame(of: name.string), range.contains(frame),
                try folder.status(of: name)?.kind == .file
            else { continue }
            try folder.removeFile(name)
        }
    }

    /// Moves the masks of the first frames to another folder, and replaces those there.
    ///
    /// - Throws: `EightCutError` when one cannot be moved.
    static func moveFrames(
        below count: Int,
        from folder: OpenFolder,
        to target: OpenFolder
    ) throws {
        for name in try folder.names() {
            guard let frame = MaskName.frame(of: name.string), frame < count else { continue }
            try target.status(of: name)?.requirePlainFile(target.path.appending(name))
            do {
                try folder.rename(name, to: target, as: name, replaces: true)
            } catch {
                throw fileError("cannot replace the masks in", target.path, error)
            }
        }
    }
}

extension MaskFolder {
    /// Whether a file is one of the results in a folder of masks, by its path there.
    package static func isResult(_ path: FilePath) -> Bool {
        let names = path.components.map(\.string)
        switch names.count {
        case 1: return names[0].isExactly(MaskManifest.fileName) || MaskName.isOfFrame(names[0])
        case 2: return AuxiliaryFolder.isName(names[0]) && MaskName.isOfFrame(names[1])
        default: return false
        }
    }
}

/// The names of masks: `frame_0000.png`, `frame_0001.png`, …
package enum MaskName {
    private static let prefix = "frame_"
    private static let suffix = ".png"

    /// The name of a frame's mask: four digits, or more where four do not suffice.
    package static func of(frame index: Int) -> String {
        let digits = String(index)
        return prefix + String(repeating: "0", count: max(0, 4 - digits.count)) + digits + suffix
    }

    static func component(of frame: Int) -> FilePath.Component {
        FilePath.Component(of(frame: frame)) ?? "frame.png"
    }

    /// The frame that a name belongs to, nil for another name.
    package static func frame(of name: String) -> Int? {
        let bytes = Array(name.utf8)
        guard bytes.starts(with: prefix.utf8), bytes.count > prefix.utf8.count + suffix.utf8.count,
            let frame = DecimalName.value(
                bytes.dropFirst(prefix.utf8.count).dropLast(suffix.utf8.count)
            ),
            bytes.elementsEqual(of(frame: frame).utf8)
        else { return nil }
        return frame
    }

    package static func isOfFrame(_ name: String) -> Bool { frame(of: name) != nil }
}
