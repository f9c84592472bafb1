import Diagnostics
import Files
import SystemPackage

extension MaskFolder {
    /// Puts the complete masks of the staging folder in place of the old ones.
    ///
    /// Can be interrupted anywhere and called again: the staged manifest, which marks the staged
    /// masks as complete, is moved last, and before the first mask is moved the old manifest says
    /// which names are ours from then on.
    ///
    /// - Parameters:
    ///   - staging: the staging folder.
    ///   - new: its manifest.
    ///   - old: the manifest here.
    ///   - ownedCount: how many frames, from the first on, are ours by the old manifest.
    /// - Returns: what was left, because it is not ours.
    /// - Throws: `EightCutError`; nothing was changed when the new masks would replace foreign
    ///   files.
    func promote(
        _ staging: MaskFolder,
        _ new: MaskManifest,
        over old: MaskManifest,
        owning ownedCount: Int
    ) throws -> [FilePath] {
        try rejectForeignFrames(new, over: old, owning: ownedCount, below: new.frameCount)
        try mark(old, as: new, owning: max(ownedCount, new.frameCount))
        try files.removeFile(FrameJournal.name)
        try removeOldFrames(old, new, below: ownedCount)
        try Self.moveFrames(below: new.frameCount, from: staging.files, to: files)
        for folder in new.auxiliary {
            guard let name = folder.name, let source = try staging.auxiliary(folder) else {
                continue
            }
            let target = try files.createFolder(name)
            try Self.moveFrames(below: new.frameCount, from: source, to: target)
        }
        // What the old masks needed to be finished is of no use any more.
        var foreign = try Workspace(in: files).remove()
        do {
            try staging.files.rename(
                Self.manifestName,
                to: files,
                as: Self.manifestName,
                replaces: true
            )
        } catch {
            throw fileError("cannot replace the masks in", path, error)
        }
        foreign += try files.removeFolder(Self.stagingName, .staging)
        return foreign
    }

    /// From here on the folder holds a mixture, so the old manifest must not claim to be complete.
    /// It names all that may be in the folder.
    private func mark(_ old: MaskManifest, as new: MaskManifest, owning count: Int) throws {
        let known = Set(old.auxiliary.map(\.folder))
        let added = new.auxiliary.filter { !known.contains($0.folder) }
        guard old.complete || old.frameCount < count || !added.isEmpty else { return }
        var mixed = MaskManifest(
            method: old.method,
            auxiliary: old.auxiliary + added,
            input: old.input
        )
        mixed.frameCount = count
        try mixed.write(to: files, framesFrom: nil)
    }

    /// Deletes the old masks that no new ones replace.
    private func removeOldFrames(
        _ old: MaskManifest,
        _ new: MaskManifest,
        below count: Int
    ) throws {
        try Self.removeFrames(new.frameCount..<max(new.frameCount, count), in: files)
        for folder in old.auxiliary {
            guard let name = folder.name, let inner = try files.folder(name) else { continue }
            let isKept = new.auxiliary.contains { $0.folder == folder.folder }
            let first = isKept ? new.frameCount : 0
            try Self.removeFrames(first..<max(first, count), in: inner)
            if !isKept {
                try inner.removeStaleTemporaries()
                try files.removeFolderIfEmpty(name)
            }
        }
    }
}

extension MaskFolder {
    /// Makes sure that a run replaces nothing that is not ours.
    ///
    /// - Parameters:
    ///   - new: the manifest of the run.
    ///   - old: the manifest here, which says what is ours.
    ///   - ownedCount: how many frames, from the first on, are ours by it.
    ///   - limit: how many frames the run has; nil when nobody knows.
    /// - Throws: `EightCutError` that names a foreign file, or a link in the place of a mask.
    func rejectForeignFrames(
        _ new: MaskManifest,
        over old: MaskManifest,
        owning ownedCount: Int,
        below limit: Int?
    ) throws {
        try Self.rejectForeignFrames(in: files, owning: ownedCount, below: limit)
        let ours = Set(old.auxiliary.map(\.folder))
        for folder in new.auxiliary {
            guard let inner = try auxiliary(folder) else { continue }
            let count = ours.contains(folder.folder) ? ownedCount : 0
            try Self.rejectForeignFrames(in: inner, owning: count, below: limit)
        }
        // The old ones are deleted in the end: none may be a link.
        for folder in old.auxiliary { _ = try auxiliary(folder) }
    }

    private static func rejectForeignFrames(
        in folder: OpenFolder,
        owning ownedCount: Int,
        below limit: Int?
    ) throws {
        for name in try folder.names() {
            guard let frame = MaskName.frame(of: name.string), frame < limit ?? .max else {
                continue
            }
            try folder.status(of: name)?.requirePlainFile(folder.path.appending(name))
            guard frame >= ownedCount else { continue }
            throw EightCutError(
                .outputUnusable,
                "cannot write masks to",
                on: folder.path.string,
                because: "it holds \(quoted(name.string)), which was not made by 8cut: "
                    + "\(manifestName) does not list it",
                remedy: "Choose another folder, or move the file away."
            )
        }
    }

    /// Makes sure that a folder without a manifest is empty.
    ///
    /// - Throws: `EightCutError` that names something in it.
    func requireEmpty() throws {
        let foreign = try files.names().first { name in
            guard AtomicFile.isTemporary(name) else { return true }
            return try files.status(of: name).map { $0.kind != .file } ?? false
        }
        guard let foreign else { return }
        throw EightCutError(
            .outputUnusable,
            "cannot write masks to",
            on: path.string,
            because: "it holds \(quoted(foreign.string)), which was not made by 8cut: "
                + "there is no \(Self.manifestName)",
            remedy: "Choose another folder, new or empty, or move the files away."
        )
    }

    /// Makes sure that nothing of others is in a hidden folder of ours.
    ///
    /// - Throws: `EightCutError` that names it, or a link in the place of the folder.
    func rejectForeignFiles(in name: FilePath.Component, _ rule: FolderRule) throws {
        guard let folder = try files.folder(name), let foreign = try rule.firstForeign(in: folder)
        else { return }
        throw EightCutError(
            .outputUnusable,
            "cannot use",
            on: folder.path.string,
            because: "it holds \(quoted(foreign.string)), which was not made by 8cut",
            remedy: "Nothing was changed. Move that away and run the same command again."
        )
    }
}
