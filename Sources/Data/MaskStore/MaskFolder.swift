import Diagnostics
import Files
import Glibc
import Imaging
import SystemPackage

/// A folder of masks: `frame_0000.png`, `frame_0001.png`, … and `masks.json`.
package struct MaskFolder: Sendable {
    /// Masks that are drawn and written at the same time, at most. A run that is killed leaves
    /// no more than so many masks that its journal does not know.
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

    package var journalPath: FilePath { path.appending(FrameJournal.fileName) }

    /// Where new masks are built while the old ones are still in place.
    package var staging: MaskFolder { MaskFolder(path: path.appending(".8cut-staging")) }

    /// The manifest that lies in the folder, nil for none.
    package func manifest() throws -> MaskManifest? {
        guard access(manifestPath.string, F_OK) == 0 else { return nil }
        return try MaskManifest(readingFrom: manifestPath)
    }

    /// A folder beside the masks.
    package func side(_ name: String) -> MaskFolder { MaskFolder(path: path.appending(name)) }

    /// Whether the mask of a frame is there, whole, and the one that the record tells of, with
    /// the pictures beside it.
    package func holdsMask(_ record: FrameRecord, of manifest: MaskManifest) -> Bool {
        guard let image = try? PNG.readGray(framePath(record.frame)) else { return false }
        let input = manifest.input
        return image.width == input.width && image.height == input.height
            && record.describes(image)
            && (manifest.sideFolders ?? []).allSatisfy { name in
                let path = side(name).framePath(record.frame)
                guard let side = try? AuxiliaryImage(readingFrom: path) else { return false }
                return side.belongs(in: name) && side.size == (input.width, input.height)
            }
    }

    /// Where a method keeps what it needs to go on, while the masks are not complete.
    package var workspace: Workspace { Workspace(path: path.appending(Workspace.name)) }

    /// Deletes everything that 8cut puts into a folder, and the folder when nothing else is in
    /// it. Only for folders that are known to be ours.
    ///
    /// - Parameter sides: the folders beside the masks.
    /// - Throws: `EightCutError` when the folder cannot be read.
    package func removeOurs(sides: [String]) throws {
        guard try Folder.kind(of: path) == .folder else { return }
        for name in sides { try side(name).removeOurs(sides: []) }
        try workspace.remove()
        for name in try Folder.names(in: path)
        where MaskName.isOfFrame(name) || name == MaskManifest.fileName
            || name == FrameJournal.fileName || name.hasPrefix(AtomicFile.temporaryPrefix)
        {
            unlink(path.appending(name).string)
        }
        rmdir(path.string)
    }

    /// Deletes the folder with all that is in it. Only for hidden folders of ours.
    ///
    /// - Throws: `EightCutError` when it cannot be deleted.
    package func removeAll() throws { try Workspace(path: path).remove() }

    /// Puts the complete masks of the staging folder in place of the old ones.
    ///
    /// Can be interrupted anywhere and called again: the staged manifest, which says that the
    /// staged masks are complete, is moved last.
    package func promoteStaging() throws {
        guard let new = try staging.manifest(), new.complete else { return }
        do {
            if var old = try manifest() {
                // From here on the folder holds a mixture, so the old manifest must not claim
                // to be complete. It still tells how many old masks there are.
                let oldCount =
                    old.complete
                    ? old.frameCount
                    : max(old.frameCount, lastJournaledFrame() + 1 + Self.maximumUnrecorded)
                if old.complete || old.frameCount < oldCount {
                    old.complete = false
                    old.frameCount = oldCount
                    try old.write(to: manifestPath, framesFrom: nil)
                }
                try removeFrames(new.frameCount..<max(new.frameCount, oldCount))
                for name in old.sideFolders ?? [] {
                    let isKept = new.sideFolders?.contains(name) ?? false
                    let first = isKept ? new.frameCount : 0
                    try side(name).removeFrames(first..<max(first, oldCount))
                }
            }
            try staging.moveFrames(to: self)
            for name in new.sideFolders ?? [] {
                try Folder.create(path.appending(name))
                try staging.side(name).moveFrames(to: side(name))
            }
            unlink(journalPath.string)
            // What the old masks needed to be finished is of no use any more.
            try workspace.remove()
            try AtomicFile.rename(staging.manifestPath, to: manifestPath)
        } catch let error as Errno {
            throw fileError("cannot replace the masks in", path, error)
        }
        try staging.removeOurs(sides: new.sideFolders ?? [])
    }

    /// Deletes the pictures of some frames, and the folder when nothing else is in it.
    private func removeFrames(_ range: Range<Int>) throws {
        guard try Folder.kind(of: path) == .folder else { return }
        for name in try Folder.names(in: path) {
            guard let index = MaskName.frame(of: name), range.contains(index) else { continue }
            unlink(path.appending(name).string)
        }
        rmdir(path.string)
    }

    private func moveFrames(to target: MaskFolder) throws {
        guard try Folder.kind(of: path) == .folder else { return }
        for name in try Folder.names(in: path) where MaskName.isOfFrame(name) {
            try AtomicFile.rename(path.appending(name), to: target.path.appending(name))
        }
    }

    private func lastJournaledFrame() -> Int {
        guard access(journalPath.string, F_OK) == 0,
            let journal = try? FrameJournal(at: journalPath)
        else { return -1 }
        var count = 0
        try? journal.forEachLine { _ in count += 1 }
        return count - 1
    }
}

extension MaskFolder {
    /// Deletes the journal, which a complete run does not need any more.
    package func removeJournal() throws {
        guard unlink(journalPath.string) == 0 || errno == ENOENT else {
            throw fileError("cannot delete", journalPath, Errno(rawValue: errno))
        }
    }
}
