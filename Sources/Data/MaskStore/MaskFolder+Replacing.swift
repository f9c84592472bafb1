import Diagnostics
import Files
import Glibc
import SystemPackage

extension MaskFolder {
    /// Puts the complete masks of the staging folder in place of the old ones.
    ///
    /// Can be interrupted anywhere and called again: the staged manifest, which marks the
    /// staged masks as complete, is moved last.
    func promoteStaging() throws {
        guard let new = try staging.manifest(), new.complete else { return }
        do {
            if let old = try manifest() { try remove(old, butNot: new) }
            try staging.moveFrames(to: self)
            for folder in new.auxiliary.map(\.folder) {
                try Folder.create(path.appending(folder))
                try staging.auxiliary(folder).moveFrames(to: auxiliary(folder))
            }
            unlink(journalPath.string)
            // What the old masks needed to be finished is of no use any more.
            try workspace.remove()
            try AtomicFile.rename(staging.manifestPath, to: manifestPath)
        } catch let error as Errno {
            throw fileError("cannot replace the masks in", path, error)
        }
        try staging.removeOurs(auxiliary: new.auxiliary)
    }

    /// Deletes the old masks that no new ones replace.
    private func remove(_ old: MaskManifest, butNot new: MaskManifest) throws {
        var old = old
        // From here on the folder holds a mixture, so the old manifest must not claim to be
        // complete. It still has the number of old masks.
        let oldCount =
            old.complete
            ? old.frameCount
            : max(old.frameCount, journaledFrameCount() + Self.maximumUnrecorded)
        if old.complete || old.frameCount < oldCount {
            old.complete = false
            old.frameCount = oldCount
            try old.write(to: manifestPath, framesFrom: nil)
        }
        try removeFrames(new.frameCount..<max(new.frameCount, oldCount))
        for folder in old.auxiliary.map(\.folder) {
            let isKept = new.auxiliary.contains { $0.folder == folder }
            let first = isKept ? new.frameCount : 0
            try auxiliary(folder).removeFrames(first..<max(first, oldCount))
        }
    }

    private func journaledFrameCount() -> Int {
        guard access(journalPath.string, F_OK) == 0,
            let journal = try? FrameJournal(at: journalPath)
        else { return 0 }
        var count = 0
        try? journal.forEachLine { _ in count += 1 }
        return count
    }

    /// Deletes the folder with all that is in it. Only for hidden folders of ours.
    ///
    /// - Throws: `EightCutError` when it cannot be deleted.
    func removeAll() throws { try Workspace(path: path).remove() }
}
