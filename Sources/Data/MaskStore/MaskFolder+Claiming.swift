import Diagnostics
import Files
import Glibc
import SystemPackage

extension MaskFolder {
    /// Claims a folder for a run. It must be new, empty, or a folder of masks made by 8cut.
    ///
    /// - Parameters:
    ///   - path: the folder, which is created when it is missing.
    ///   - wanted: the manifest of the run.
    ///   - inputs: the files and folders that the run reads, which must not be among those that it
    ///     replaces.
    ///   - estimatedFrames: how many frames the video seems to have, nil when nobody knows.
    ///   - replaces: whether masks of another input or other settings may be replaced.
    /// - Returns: the claim, with what the folder holds.
    /// - Throws: `EightCutError` when the folder is not ours, not writable, in use, or holds
    ///   something else and `replaces` is false; nothing was changed then.
    package static func claim(
        _ path: FilePath,
        for wanted: MaskManifest,
        reading inputs: [FilePath] = [],
        estimatedFrames: Int? = nil,
        replaces: Bool
    ) async throws -> ClaimedFolder {
        let (files, isNew) = try open(path)
        let folder = MaskFolder(files: files)
        let lock = try FolderLock(files)
        let request = Request(
            wanted: wanted,
            inputs: inputs,
            estimatedFrames: estimatedFrames,
            replaces: replaces
        )
        return ClaimedFolder(folder, try await folder.state(for: request), lock, isNew: isNew)
    }

    private struct Request {
        let wanted: MaskManifest
        let inputs: [FilePath]
        let estimatedFrames: Int?
        let replaces: Bool
    }

    /// How many frames, from the first on, are ours: what the manifest lists, or, when that is
    /// not complete, what the journal lists and what was being written.
    static func ownedCount(_ manifest: MaskManifest, _ journal: FrameJournal?) -> Int {
        guard !manifest.complete, let journal else { return manifest.frameCount }
        return max(manifest.frameCount, journal.foundCount + maximumUnrecorded)
    }

    /// The same by what is in the folder.
    func ownedCount(by manifest: MaskManifest) throws -> Int {
        guard !manifest.complete, var journal = try FrameJournal.existing(in: files) else {
            return manifest.frameCount
        }
        try journal.read { _ in false }
        return Self.ownedCount(manifest, journal)
    }

    private static func open(_ path: FilePath) throws -> (OpenFolder, isNew: Bool) {
        let kind: Folder.Kind
        do {
            kind = try Folder.kind(of: path)
        } catch {
            throw fileError("cannot use the folder", path, error)
        }
        switch kind {
        case .missing: return (try .creating(path), true)
        case .folder: return (try OpenFolder(path), false)
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

    // MARK: - State

    private func state(for request: Request) async throws -> ClaimedFolder.State {
        guard let old = try MaskManifest(in: files) else {
            try requireEmpty()
            return .empty
        }
        try rejectForeignFiles(in: Self.stagingName, .staging)
        try rejectForeignFiles(in: Workspace.name, .workspace)
        let staged = try stagedManifest()
        if let staged, staged.complete {
            // What another run has finished counts, although it was ended before all was in place.
            let isSame = staged.differences(from: request.wanted).isEmpty
            if !request.replaces { try checkSame(staged, request.wanted) }
            try rejectInputs(request, old)
            if !isSame { try checkPlaces(old, ownedCount(by: old), request) }
            _ = try promoteStaged(staged, over: old)
            return isSame
                ? try await state(of: staged, for: request)
                : try replacingState(of: staged, nil, request)
        }
        if request.replaces { return try replacingState(of: old, staged, request) }
        try checkSame(old, request.wanted)
        return try await state(of: old, for: request)
    }

    /// The state of a folder with masks of the run.
    private func state(of old: MaskManifest, for request: Request) async throws
        -> ClaimedFolder.State
    {
        if old.complete {
            let good = try await countGoodFrames(of: old, request.wanted)
            let records = try objectRecords(of: old.frames.prefix(good), old)
            if good == old.frames.count {
                var done = old
                if let records {
                    done.frames = records
                    rewrite(done)
                }
                sweep(done)
                return .complete(done)
            }
            try checkPlaces(old, old.frameCount, request)
            return .resumable(
                ClaimedFolder.Found(
                    count: good,
                    last: (records ?? Array(old.frames.prefix(good))).last,
                    manifest: old,
                    journal: nil,
                    records: records,
                    missing: try missing(below: old.frameCount)
                )
            )
        }
        guard let found = try foundMasks(of: old, request.wanted) else {
            try checkPlaces(old, old.frameCount, request)
            return .resumable(
                ClaimedFolder.Found(
                    count: 0,
                    last: nil,
                    manifest: old,
                    journal: nil,
                    records: nil,
                    missing: []
                )
            )
        }
        try checkPlaces(old, found.ownedCount, request)
        return .resumable(found)
    }

    /// Frames below a number that have no mask.
    private func missing(below count: Int) throws -> [Int] {
        try MaskInventory(files.names().map(\.string)).missing(below: count)
    }

    /// Writes the manifest of complete masks in today's schema, so that other programs find in it
    /// what it says today. It does no harm where that cannot be done.
    private func rewrite(_ manifest: MaskManifest) {
        guard let journal = try? FrameJournal.create(in: files, manifest.frames) else { return }
        try? manifest.write(to: files, framesFrom: journal)
    }

    /// Deletes from a complete folder what killed runs have not come to delete. Failing to tidy up
    /// is no reason to fail what the user asked for.
    private func sweep(_ manifest: MaskManifest) {
        _ = try? Workspace(in: files).remove()
        if let status = try? files.status(of: FrameJournal.name), status.kind == .file {
            _ = try? files.removeFile(FrameJournal.name)
        }
        for folder in [files] + manifest.auxiliary.compactMap({ try? auxiliary($0) }) {
            try? folder.removeStaleTemporaries()
        }
    }

    /// The state of a folder with other masks.
    private func replacingState(
        of old: MaskManifest,
        _ staged: MaskManifest?,
        _ request: Request
    ) throws -> ClaimedFolder.State {
        try checkPlaces(old, ownedCount(by: old), request)
        guard let staging = try staging() else { return .replacing(nil) }
        if let staged, staged.differences(from: request.wanted).isEmpty {
            return .replacing(try staging.foundMasks(of: staged, request.wanted))
        }
        try files.removeFolder(Self.stagingName, .staging)
        return .replacing(nil)
    }

    private func checkPlaces(_ old: MaskManifest, _ ownedCount: Int, _ request: Request) throws {
        try rejectInputs(request, old)
        try rejectForeignFrames(
            request.wanted,
            over: old,
            owning: ownedCount,
            below: request.estimatedFrames
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

    /// The manifest of the staging folder; nil when there is none or it is damaged.
    private func stagedManifest() throws -> MaskManifest? {
        guard let staging = try staging() else { return nil }
        return try? MaskManifest(in: staging.files)
    }

    private func promoteStaged(_ staged: MaskManifest, over old: MaskManifest) throws -> [FilePath]
    {
        guard let staging = try staging() else { return [] }
        return try promote(staging, staged, over: old, owning: ownedCount(by: old))
    }

    // MARK: - Masks that are there

    private typealias Opened = [(kind: AuxiliaryImage.Kind, folder: OpenFolder?)]

    private func opened(_ manifest: MaskManifest) throws -> Opened {
        try manifest.auxiliary.map { ($0.kind, try auxiliary($0)) }
    }

    /// What an interrupted run has left: the frames of its journal, from the first on, whose masks
    /// are undamaged; nil without a journal.
    private func foundMasks(
        of manifest: MaskManifest,
        _ wanted: MaskManifest
    ) throws -> ClaimedFolder.Found? {
        guard var journal = try FrameJournal.existing(in: files) else { return nil }
        let folders = try opened(manifest)
        var kept: [FrameRecord] = []
        try journal.read { record in
            try Task.checkCancellation()
            guard try holdsMask(record, of: manifest, wanted, folders) else { return false }
            // Memory depends on the length of the video for these alone.
            if manifest.describesBackground { kept.append(record) }
            return true
        }
        let records = try objectRecords(of: kept, manifest)
        return ClaimedFolder.Found(
            count: journal.count,
            last: records.map(\.last) ?? journal.last,
            manifest: manifest,
            journal: journal,
            records: records,
            missing: try missing(below: journal.foundCount)
        )
    }

    /// How many frames of a complete run, from the first on, are undamaged. Two threads check a
    /// half each.
    private func countGoodFrames(
        of manifest: MaskManifest,
        _ wanted: MaskManifest
    ) async throws -> Int {
        let records = manifest.frames
        let middle = records.count / 2
        let folders = try opened(manifest)
        @Sendable func firstBad(_ range: Range<Int>) throws -> Int? {
            try range.first {
                try Task.checkCancellation()
                return try !holdsMask(records[$0], of: manifest, wanted, folders)
            }
        }
        async let second = firstBad(middle..<records.count)
        let first = try firstBad(0..<middle)
        let bad = try await second
        return first ?? bad ?? records.count
    }

    // MARK: - Inputs

    /// Makes sure that the run replaces nothing that it reads.
    private func rejectInputs(_ request: Request, _ old: MaskManifest) throws {
        var folders = [files]
        for folder in request.wanted.auxiliary + old.auxiliary {
            if let inner = try auxiliary(folder) { folders.append(inner) }
        }
        let places = try Set(folders.map { try $0.status().identity })
        for input in request.inputs {
            guard let status = FileStatus(following: input) else { continue }
            let isReplaced: Bool
            if status.kind == .folder {
                isReplaced = places.contains(status.identity)
            } else {
                isReplaced = Self.isOurs(input, in: places)
            }
            guard isReplaced else { continue }
            throw EightCutError(
                .outputUnusable,
                "cannot write masks to",
                on: path.string,
                because: "they would replace \(quoted(input.string)), which is read for them",
                remedy: "Choose another folder."
            )
        }
    }

    /// Whether a file, links followed, has a name of ours in one of the folders.
    private static func isOurs(_ input: FilePath, in places: Set<FileStatus.Identity>) -> Bool {
        guard let resolved = input.withPlatformString({ realpath($0, nil) }) else { return false }
        defer { free(resolved) }
        let real = FilePath(platformString: resolved)
        guard let name = real.lastComponent, FolderRule.staging.isFile(name),
            let folder = FileStatus(following: real.removingLastComponent())
        else { return false }
        return places.contains(folder.identity)
    }
}
