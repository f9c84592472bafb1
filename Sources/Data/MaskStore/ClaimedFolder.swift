import Diagnostics
import Files
import SystemPackage

/// A folder of masks in which no other run works as long as this exists.
package struct ClaimedFolder: Sendable {
    /// What a folder holds for the run that claims it.
    package enum State: Sendable {
        /// No masks.
        case empty
        /// All masks of the run.
        case complete(MaskManifest)
        /// The masks of the run that the journal records.
        case resumable(FrameJournal)
        /// Other masks, which stay in place until those of the run are complete; what the journal
        /// records of these, nil for none, is in the staging folder.
        case replacing(FrameJournal?)
    }

    package let state: State
    private let folder: MaskFolder
    private let lock: FolderLock

    fileprivate init(_ folder: MaskFolder, _ state: State, _ lock: FolderLock) {
        self.folder = folder
        self.state = state
        self.lock = lock
    }

    /// Where the run writes: the folder itself or its staging folder.
    package var target: MaskFolder {
        if case .replacing = state { folder.staging } else { folder }
    }

    /// Gets the folder ready for masks.
    ///
    /// - Returns: the journal, which has the records of the frames that are done.
    /// - Throws: `EightCutError` when the folder cannot be written.
    package func begin(_ manifest: MaskManifest) throws -> FrameJournal {
        let kept: FrameJournal? =
            switch state {
            case .empty, .complete: nil
            case .resumable(let journal): journal
            case .replacing(let journal): journal
            }
        if kept?.count ?? 0 == 0 { try target.removeJournal() }
        for auxiliary in manifest.auxiliary {
            try Folder.create(target.auxiliary(auxiliary.folder).path)
        }
        try manifest.write(to: target.manifestPath, framesFrom: nil)
        if let kept, kept.count > 0 { return kept }
        return try FrameJournal(at: target.journalPath)
    }

    /// Keeps what a run has done that is given up, and removes the folder where that is nothing.
    /// Fails silently: the reason why the run ends matters more.
    package func abandon(_ manifest: MaskManifest, _ journal: FrameJournal) {
        var manifest = manifest
        manifest.frameCount = journal.count
        if journal.count == 0, !target.workspace.isThere {
            try? target.removeOurs(auxiliary: manifest.auxiliary)
        } else {
            try? manifest.write(to: target.manifestPath, framesFrom: journal)
        }
    }

    /// Makes the masks of a complete run those of the folder.
    ///
    /// - Throws: `EightCutError` when that fails; the next run then finishes it.
    package func commit(_ manifest: MaskManifest, _ journal: FrameJournal) throws {
        try manifest.write(to: target.manifestPath, framesFrom: journal)
        try target.removeJournal()
        try target.workspace.remove()
        if case .replacing = state { try folder.promoteStaging() }
    }
}

extension MaskFolder {
    /// Claims the folder for a run.
    ///
    /// - Parameters:
    ///   - wanted: the manifest of the run.
    ///   - replaces: whether masks of another input or other settings may be replaced.
    /// - Returns: the claim, with what the folder holds.
    /// - Throws: `EightCutError` when the folder is not ours, not writable, in use, or holds
    ///   something else and `replaces` is false; nothing was changed then.
    package func claim(for wanted: MaskManifest, replaces: Bool) async throws -> ClaimedFolder {
        try createOrCheck()
        let lock = try FolderLock(path)
        try promoteStaging()
        try Folder.removeStaleTemporaries(in: path)
        let state = try await state(for: wanted, replaces: replaces)
        return ClaimedFolder(self, state, lock)
    }

    private func state(
        for wanted: MaskManifest,
        replaces: Bool
    ) async throws -> ClaimedFolder.State {
        guard let old = try manifest() else {
            for folder in [self] + wanted.auxiliary.map({ auxiliary($0.folder) }) {
                try folder.rejectForeignFrames()
            }
            return .empty
        }
        if replaces { return .replacing(try stagedJournal(of: wanted)) }
        for inner in old.auxiliary.map({ auxiliary($0.folder).path })
        where try Folder.kind(of: inner) == .folder { try Folder.removeStaleTemporaries(in: inner) }
        try checkSame(old, wanted)
        guard old.complete else { return .resumable(try goodJournal(of: old)) }
        let good = await countGoodFrames(of: old)
        if good == old.frames.count {
            try? workspace.remove()
            return .complete(old)
        }
        return .resumable(try journal(with: old.frames.prefix(good)))
    }

    private func createOrCheck() throws {
        let kind: Folder.Kind
        do {
            kind = try Folder.kind(of: path)
        } catch {
            throw fileError("cannot use the folder", path, error)
        }
        switch kind {
        case .missing: try Folder.create(path)
        case .folder: break
        case .file, .other:
            throw EightCutError(
                .outputUnusable,
                "cannot write masks to",
                on: path.string,
                because: "it is a file, not a folder",
                remedy: "Choose another folder."
            )
        }
    }

    private func rejectForeignFrames() throws {
        guard try Folder.kind(of: path) == .folder,
            let name = try Folder.names(in: path).first(where: MaskName.isOfFrame)
        else { return }
        throw EightCutError(
            .outputUnusable,
            "cannot write masks to",
            on: path.string,
            because: "it holds frames (\(quoted(name))) that were not made by 8cut: "
                + "there is no \(MaskManifest.fileName)",
            remedy: "Choose another folder, or move the files away."
        )
    }

    private func checkSame(_ old: MaskManifest, _ wanted: MaskManifest) throws {
        let differences = old.differences(from: wanted)
        guard !differences.isEmpty else { return }
        throw EightCutError(
            .outputDiffers,
            "cannot write masks to",
            on: path.string,
            because: "it holds other masks (\(differences.joined(separator: "; ")))"
        )
    }

    /// Empties the staging folder unless it holds masks of the same run.
    ///
    /// - Returns: the journal of these, nil for none.
    private func stagedJournal(of wanted: MaskManifest) throws -> FrameJournal? {
        let begun = (try? staging.manifest()).flatMap { manifest in
            manifest.differences(from: wanted).isEmpty ? manifest : nil
        }
        if begun == nil { try staging.removeAll() }
        try Folder.create(staging.path)
        try Folder.removeStaleTemporaries(in: staging.path)
        return try begun.map(staging.goodJournal)
    }

    /// The journal of an interrupted run, with the frames, from the first on, whose masks are
    /// undamaged.
    private func goodJournal(of manifest: MaskManifest) throws -> FrameJournal {
        if manifest.schema < MaskManifest.currentSchema { try FrameJournal.rewrite(journalPath) }
        var journal = try FrameJournal(at: journalPath)
        try journal.keep { record in
            try Task.checkCancellation()
            return holdsMask(record, of: manifest)
        }
        return journal
    }

    /// The journal that a run which stopped after these frames would have left.
    private func journal(with records: some Collection<FrameRecord>) throws -> FrameJournal {
        var journal = try FrameJournal(at: journalPath)
        try journal.keep { _ in false }
        for record in records { try journal.append(record) }
        return journal
    }

    /// How many frames of a complete run, from the first on, are undamaged. Two threads check a
    /// half each.
    private func countGoodFrames(of manifest: MaskManifest) async -> Int {
        let records = manifest.frames
        let middle = records.count / 2
        @Sendable func firstBad(_ range: Range<Int>) -> Int? {
            range.first { Task.isCancelled || !holdsMask(records[$0], of: manifest) }
        }
        async let second = firstBad(middle..<records.count)
        let first = firstBad(0..<middle)
        let bad = await second
        return first ?? bad ?? records.count
    }
}
