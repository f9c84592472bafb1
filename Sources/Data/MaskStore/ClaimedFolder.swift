import Diagnostics
import Files
import SystemPackage

/// A folder of masks in which no other run works as long as this exists. It is held open: should
/// it be moved meanwhile, the run goes on in it, and ends with an error.
package struct ClaimedFolder: Sendable {
    /// What a folder holds for the run that claims it.
    package enum State: Sendable {
        /// Nothing.
        case empty
        /// All masks of the run.
        case complete(MaskManifest)
        /// The first masks of the run, as an interrupted run has left them.
        case resumable(Found)
        /// Other masks, which stay in place until those of the run are complete; what the staging
        /// folder holds of these, nil for nothing.
        case replacing(Found?)
    }

    /// Masks of the run that were found.
    package struct Found: Sendable {
        /// How many frames, from the first on, are undamaged.
        package let count: Int
        /// The record of the last of them.
        package let last: FrameRecord?
        /// The manifest beside them.
        let manifest: MaskManifest
        /// The journal that has their records; nil where the manifest has them.
        let journal: FrameJournal?
        /// Their records as they are today; nil where the journal or the manifest has them so.
        let records: [FrameRecord]?
        /// Frames of the run whose masks are gone, although they were made.
        package let missing: [Int]

        /// How many frames, from the first on, are ours: the recorded ones and those that were
        /// being written.
        var ownedCount: Int { MaskFolder.ownedCount(manifest, journal) }
    }

    package let state: State
    let folder: MaskFolder
    private let lock: FolderLock
    /// Whether the folder was made for this run.
    private let isNew: Bool

    init(_ folder: MaskFolder, _ state: State, _ lock: FolderLock, isNew: Bool) {
        self.folder = folder
        self.state = state
        self.lock = lock
        self.isNew = isNew
    }

    /// What the interrupted run has kept that this one resumes; nil where there is none.
    package var keptWorkspace: Workspace? {
        switch state {
        case .empty, .complete, .replacing(nil): nil
        case .resumable: Workspace(in: folder.files)
        case .replacing: (try? folder.staging()).flatMap { $0 }.map { Workspace(in: $0.files) }
        }
    }

    /// Gives the folder up before anything is made in it: it is removed where it was made for this
    /// run. Fails silently: the reason why the run ends matters more.
    package func release() {
        let files = folder.files
        guard isNew, files.isStillThere, let name = files.path.lastComponent else { return }
        _ = try? OpenFolder(files.path.removingLastComponent()).removeFolderIfEmpty(name)
    }

    /// Gets the folder ready for masks.
    ///
    /// - Returns: where they are written; its journal has the records of the frames that are done.
    /// - Throws: `EightCutError` when the folder cannot be written.
    package func begin(_ manifest: MaskManifest) throws -> MaskTarget {
        switch state {
        case .empty, .complete: try begin(manifest, in: folder.files, from: nil)
        case .resumable(let found): try begin(manifest, in: folder.files, from: found)
        case .replacing(let found):
            try begin(
                manifest,
                in: folder.files.createFolder(MaskFolder.stagingName),
                from: found
            )
        }
    }

    private func begin(
        _ manifest: MaskManifest,
        in files: OpenFolder,
        from found: Found?
    ) throws -> MaskTarget {
        try files.removeStaleTemporaries()
        var manifest = manifest
        var journal = found?.journal
        if let found {
            if journal == nil {
                // From now on the folder is that of a run which stopped after these frames.
                let records = found.records ?? Array(found.manifest.frames.prefix(found.count))
                journal = try FrameJournal.create(in: files, records)
            }
            // What lies behind the journal's end stays ours when that is shortened.
            let isWhole = found.journal.map { $0.foundCount == found.count } ?? false
            manifest.frameCount = isWhole ? found.manifest.frameCount : found.ownedCount
        }
        try manifest.write(to: files, framesFrom: nil)
        if let found, let kept = found.journal {
            try kept.dropRest()
            if found.manifest.schema < MaskManifest.currentSchema {
                journal = try kept.rewritten(in: files, as: found.records)
            }
        }
        var auxiliary: [String: OpenFolder] = [:]
        for folder in manifest.auxiliary {
            guard let name = folder.name else {
                throw EightCutError.internalFault(because: "a folder is named \(folder.folder)")
            }
            auxiliary[folder.folder] = try files.createFolder(name)
            try auxiliary[folder.folder]?.removeStaleTemporaries()
        }
        return MaskTarget(
            files,
            auxiliary,
            journal: try journal ?? FrameJournal.create(in: files),
            owning: found?.ownedCount ?? 0,
            listing: manifest.frameCount
        )
    }

    /// Keeps what a run has done that is given up, and removes the folder where that is nothing.
    /// Fails silently: the reason why the run ends matters more.
    package func abandon(_ manifest: MaskManifest, _ target: MaskTarget, _ journal: FrameJournal) {
        var manifest = manifest
        manifest.frameCount = max(journal.count, target.listedCount)
        let hasNothing =
            switch state {
            case .empty, .replacing(nil): journal.count == 0 && !target.workspace.isInUse
            case .complete, .resumable, .replacing: false
            }
        guard hasNothing else {
            try? manifest.write(to: target.files, framesFrom: journal)
            return
        }
        if case .empty = state {
            try? removeBegun(manifest)
        } else {
            _ = try? folder.files.removeFolder(MaskFolder.stagingName, .staging)
        }
    }

    /// Deletes what a run has made that was given up before its first mask.
    private func removeBegun(_ manifest: MaskManifest) throws {
        let files = folder.files
        let begun = 0..<MaskFolder.maximumUnrecorded
        for folder in manifest.auxiliary {
            guard let name = folder.name, let inner = try files.folder(name) else { continue }
            try MaskFolder.removeFrames(begun, in: inner)
            try files.removeFolderIfEmpty(name)
        }
        try MaskFolder.removeFrames(begun, in: files)
        try files.removeFolder(Workspace.name, .workspace)
        try files.removeFile(FrameJournal.name)
        // The manifest goes last: without it the rest would not be ours.
        try files.removeFile(MaskFolder.manifestName)
        release()
    }

    /// What the folder holds more than the masks of a complete run: other programs take it for masks.
    ///
    /// - Returns: nil when there is nothing.
    /// - Throws: `EightCutError` when the folder cannot be read.
    package func excess(over manifest: MaskManifest) throws -> MaskSetProblem? {
        func clauses(_ folder: OpenFolder) throws -> [String] {
            try MaskInventory(folder.names().map(\.string))
                .excess(frameCount: manifest.frameCount)
        }
        var all = try clauses(folder.files)
        for auxiliary in manifest.auxiliary {
            guard let inner = try folder.auxiliary(auxiliary) else { continue }
            all += try clauses(inner).map { "in \(auxiliary.folder): \($0)" }
        }
        return MaskSetProblem(folder.path, excess: all)
    }

    /// Makes the masks of a complete run those of the folder.
    ///
    /// - Returns: what was left in hidden folders of ours, because it is not ours.
    /// - Throws: `EightCutError` when that fails, or a folder was moved or replaced meanwhile; the
    ///   next run then finishes it.
    package func commit(
        _ manifest: MaskManifest,
        _ target: MaskTarget,
        _ journal: FrameJournal
    ) throws -> [FilePath] {
        // In a folder that was moved away there are no masks where people look for them.
        try target.requireFoldersInPlace()
        try manifest.write(to: target.files, framesFrom: journal)
        try target.files.removeFile(FrameJournal.name)
        var foreign = try target.workspace.remove()
        if case .replacing = state {
            guard let staging = try folder.staging(),
                try staging.files.status().identity == target.files.status().identity
            else { throw target.files.movedError() }
            guard let old = try MaskManifest(in: folder.files) else {
                throw folder.files.movedError()
            }
            foreign += try folder.promote(
                staging,
                manifest,
                over: old,
                owning: folder.ownedCount(by: old)
            )
        }
        try folder.files.requireStillThere()
        return foreign
    }
}

extension OpenFolder {
    /// The error of a folder that is no longer in its place.
    func movedError() -> EightCutError {
        EightCutError(
            .outputUnusable,
            "cannot finish in",
            on: path.string,
            because: "the folder was moved, deleted or replaced meanwhile",
            remedy: "Put the folder back and run the same command again."
        )
    }
}
