import Diagnostics
import Files
import Glibc
import Imaging
import SystemPackage

/// A folder of masks: `frame_0000.png`, `frame_0001.png`, … and `masks.json`.
package struct MaskFolder: Sendable {
    /// Masks that are drawn and written at the same time, at most. A run that is killed leaves
    /// no more than so many masks that are not in its journal.
    package static let maximumUnrecorded = 4

    package let path: FilePath

    package init(path: FilePath) {
        self.path = path
    }

    /// `<clip_stem>_masks` next to the video.
    package static func defaultPath(for input: FilePath) -> FilePath {
        let input = input.absolute
        return input.removingLastComponent().appending((input.stem ?? "video") + "_masks")
    }

    package func framePath(_ index: Int) -> FilePath { path.appending(MaskName.of(frame: index)) }

    package var manifestPath: FilePath { path.appending(MaskManifest.fileName) }

    var journalPath: FilePath { path.appending(FrameJournal.fileName) }

    /// Where new masks are built while the old ones are still in place.
    var staging: MaskFolder { MaskFolder(path: path.appending(".8cut-staging")) }

    /// Where a method keeps what it needs to resume, while the masks are not complete.
    package var workspace: Workspace { Workspace(path: path.appending(Workspace.name)) }

    /// A folder inside this one with one more image for each frame.
    package func auxiliary(_ name: String) -> MaskFolder { MaskFolder(path: path.appending(name)) }

    /// The manifest in the folder, nil for none.
    ///
    /// - Throws: `EightCutError` when there is one that cannot be used.
    package func manifest() throws -> MaskManifest? {
        guard access(manifestPath.string, F_OK) == 0 else { return nil }
        return try MaskManifest(readingFrom: manifestPath)
    }

    /// Whether the mask of a frame is there, undamaged, and the one that the record describes,
    /// with its auxiliary images.
    func holdsMask(_ record: FrameRecord, of manifest: MaskManifest) -> Bool {
        guard let image = try? PNG.readGray(framePath(record.frame)) else { return false }
        let input = manifest.input
        return image.width == input.width && image.height == input.height
            && record.describes(image)
            && manifest.auxiliary.allSatisfy { auxiliary in
                let path = self.auxiliary(auxiliary.folder).framePath(record.frame)
                guard let image = try? AuxiliaryImage(readingFrom: path) else { return false }
                return image.kind == auxiliary.kind && image.size == (input.width, input.height)
            }
    }

    /// Deletes everything that 8cut puts into a folder, and the folder when nothing else is in
    /// it. Only for folders that are known to be ours.
    ///
    /// - Parameter auxiliary: the folders beside the masks.
    /// - Throws: `EightCutError` when the folder cannot be read.
    func removeOurs(auxiliary: [AuxiliaryFolder]) throws {
        guard try Folder.kind(of: path) == .folder else { return }
        for inner in auxiliary { try self.auxiliary(inner.folder).removeOurs(auxiliary: []) }
        try workspace.remove()
        for name in try Folder.names(in: path)
        where MaskName.isOfFrame(name) || name == MaskManifest.fileName
            || name == FrameJournal.fileName || name.hasPrefix(exactly: AtomicFile.temporaryPrefix)
        {
            unlink(path.appending(name).string)
        }
        rmdir(path.string)
    }

    /// Deletes the masks of some frames, and the folder when nothing else is in it.
    func removeFrames(_ range: Range<Int>) throws {
        guard try Folder.kind(of: path) == .folder else { return }
        for name in try Folder.names(in: path) {
            guard let index = MaskName.frame(of: name), range.contains(index) else { continue }
            unlink(path.appending(name).string)
        }
        rmdir(path.string)
    }

    func moveFrames(to target: MaskFolder) throws {
        guard try Folder.kind(of: path) == .folder else { return }
        for name in try Folder.names(in: path) where MaskName.isOfFrame(name) {
            try AtomicFile.rename(path.appending(name), to: target.path.appending(name))
        }
    }

    /// Deletes the journal, which a complete folder does not have.
    func removeJournal() throws {
        guard unlink(journalPath.string) == 0 || errno == ENOENT else {
            throw fileError("cannot delete", journalPath, Errno(rawValue: errno))
        }
    }
}

/// The names of masks: `frame_0000.png`, `frame_0001.png`, …
package enum MaskName {
    /// The name of a frame's mask: four digits, or more where four do not suffice.
    package static func of(frame index: Int) -> String {
        let digits = String(index)
        return "frame_" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits + ".png"
    }

    /// The frame that a name belongs to, nil for another name.
    package static func frame(of name: String) -> Int? {
        isOfFrame(name) ? Int(name.dropFirst(6).dropLast(4)) : nil
    }

    package static func isOfFrame(_ name: String) -> Bool {
        guard name.hasPrefix(exactly: "frame_"), name.hasSuffix(exactly: ".png") else {
            return false
        }
        let digits = name.dropFirst(6).dropLast(4)
        return digits.count >= 4 && digits.allSatisfy { $0.isASCII && $0.isNumber }
    }
}
