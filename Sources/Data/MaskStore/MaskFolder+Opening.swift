import Diagnostics
import Files
import Imaging
import SystemPackage

extension MaskFolder {
    /// A folder that is ready for a run: locked, and what is in it understood.
    package struct Opened {
        /// Where the run writes: the folder itself, or its staging folder.
        package let target: MaskFolder
        /// Whether the masks are moved to their place in the end.
        package let isStaged: Bool
        /// How many frames are done already.
        package let doneCount: Int
        /// Set when all is done already.
        package let completeManifest: MaskManifest?
        package let lock: FolderLock
    }

    /// Opens the folder for a run.
    ///
    /// - Parameters:
    ///   - wanted: the manifest of the run.
    ///   - replaces: whether masks of another input or other settings may be replaced.
    /// - Returns: where to write, and how much is done.
    /// - Throws: `EightCutError` when the folder is not ours, not writable, in use, or holds
    ///   something else and `replaces` is false; nothing was changed then.
    package func open(for wanted: MaskManifest, replaces: Bool) async throws -> Opened {
        try createOrCheck()
        let lock = try FolderLock(path)
        try promoteStaging()
        try Folder.removeStaleTemporaries(in: path)

        guard let old = try manifest() else {
            for folder in [self] + (wanted.sideFolders ?? []).map(side) {
                try folder.refuseForeignFrames()
            }
            return Opened(
                target: self,
                isStaged: false,
                doneCount: 0,
                completeManifest: nil,
                lock: lock
            )
        }
        if replaces {
            let begun = try? staging.manifest()
            let goesOn = begun?.differences(from: wanted).isEmpty ?? false
            if !goesOn { try staging.removeAll() }
            try Folder.create(staging.path)
            try Folder.removeStaleTemporaries(in: staging.path)
            let done = try begun.map { goesOn ? try staging.countDoneFrames(of: $0) : 0 } ?? 0
            return Opened(
                target: staging,
                isStaged: true,
                doneCount: done,
                completeManifest: nil,
                lock: lock
            )
        }
        for name in old.sideFolders ?? [] where try Folder.kind(of: side(name).path) == .folder {
            try Folder.removeStaleTemporaries(in: side(name).path)
        }
        let differences = old.differences(from: wanted)
        guard differences.isEmpty else {
            throw EightCutError(
                .outputDiffers,
                "cannot write masks to",
                on: path.string,
                because: "it holds other masks (\(differences.joined(separator: "; ")))",
                remedy: "Add --overwrite to replace them, or choose another folder with --output."
            )
        }
        if old.complete {
            let good = await countGoodFrames(of: old)
            if good == old.frames.count {
                return Opened(
                    target: self,
                    isStaged: false,
                    doneCount: good,
                    completeManifest: old,
                    lock: lock
                )
            }
            try startJournal(with: old.frames.prefix(good))
            return Opened(
                target: self,
                isStaged: false,
                doneCount: good,
                completeManifest: nil,
                lock: lock
            )
        }
        return Opened(
            target: self,
            isStaged: false,
            doneCount: try countDoneFrames(of: old),
            completeManifest: nil,
            lock: lock
        )
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
                remedy: "Choose another folder with --output."
            )
        }
    }

    private func refuseForeignFrames() throws {
        guard try Folder.kind(of: path) == .folder,
            let name = try Folder.names(in: path).first(where: MaskName.isOfFrame)
        else { return }
        throw EightCutError(
            .outputUnusable,
            "cannot write masks to",
            on: path.string,
            because: "it holds frames (\(quoted(name))) that were not made by 8cut: "
                + "there is no \(MaskManifest.fileName)",
            remedy: "Choose another folder with --output, or move the files away."
        )
    }

    /// How many frames of an interrupted run, from the first on, are recorded and read back.
    private func countDoneFrames(of manifest: MaskManifest) throws -> Int {
        let journal = try FrameJournal(at: journalPath)
        try journal.keep { record in
            try Task.checkCancellation()
            return holdsMask(record, of: manifest)
        }
        return journal.count
    }

    /// How many frames of a complete run, from the first on, read back. Two look at them, a
    /// part each.
    private func countGoodFrames(of manifest: MaskManifest) async -> Int {
        let records = manifest.frames
        let middle = records.count / 2
        @Sendable func firstBad(_ range: Range<Int>) -> Int? {
            range.first { index in
                Task.isCancelled
                    || !holdsMask(records[index], of: manifest)
            }
        }
        async let second = firstBad(middle..<records.count)
        let first = firstBad(0..<middle)
        let bad = await second
        return first ?? bad ?? records.count
    }

    /// Makes the journal that a run which stopped after these frames would have left.
    private func startJournal(with records: some Collection<FrameRecord>) throws {
        let journal = try FrameJournal(at: journalPath)
        try journal.keep { _ in false }
        for record in records { try journal.append(record) }
    }
}
