import Diagnostics
import Files
import Glibc
import SystemPackage

/// Compares the library with the disk and with `dataset.json`, and fixes what can be fixed.
///
/// Files of clips are never deleted or changed.
package struct LibraryCheck: Sendable {
    private let library: Library
    private let fixes: Bool
    private let folders: [FilePath]

    /// - Parameters:
    ///   - library: the library.
    ///   - folders: folders to check besides those of known clips.
    ///   - fixes: whether to fix what is found.
    package init(_ library: Library, folders: [FilePath] = [], fixes: Bool) {
        self.library = library
        self.folders = folders.map(LibraryPath.plain)
        self.fixes = fixes
    }

    /// Runs the check.
    ///
    /// - Returns: the findings, in the order of the clips and then of the folders.
    /// - Throws: `EightCutError` when the library or a folder cannot be read or written.
    package func run() async throws -> [LibraryFinding] {
        var found = try await library.damagedRecords().reversed().map {
            LibraryFinding(.damagedRecord, $0.column, clip: $0.clip)
        }
        for clip in try await library.pendingClips() { found += try await unfinished(clip) }
        let clips = try await library.clips().reversed()
        var folders = self.folders
        for clip in clips {
            // Nothing acts on a path that a clip cannot have: no list is written beside it.
            guard let folder = try? LibraryPath.clip(clip.path).folder else {
                if fixes { try await library.remove([clip.id]) }
                found.append(LibraryFinding(.damagedRecord, "path", clip: clip.id, isFixed: fixes))
                continue
            }
            found += try await checkFile(of: clip)
            if !folders.contains(folder) { folders.append(folder) }
        }
        for folder in folders where try Self.exists(folder) {
            found += try await FolderCheck(library, folder, fixes: fixes).run()
        }
        return found
    }

    /// Checks a clip that was started, and that no process works on.
    private func unfinished(_ clip: LibraryClip) async throws -> [LibraryFinding] {
        if let draft = clip.draft, try isBusy(clip, draft) { return [] }
        let finding = LibraryFinding(.unfinished, clip.path, clip: clip.id, isFixed: fixes)
        guard fixes else { return [finding] }
        do {
            if try await LibraryRecovery(library).settle(clip.id) { return [finding] }
            // Where the folder is gone nothing can be finished.
            guard try !Self.exists(FilePath(clip.path).removingLastComponent()) else { return [] }
        } catch let error as EightCutError where error.code != .outputUnusable {
            throw error
        } catch is EightCutError {
            // The library has paths that are not ours: the draft goes, the files stay.
        }
        try await LibraryRecovery(library).drop(clip)
        return [finding]
    }

    private func isBusy(_ clip: LibraryClip, _ draft: ClipDraft) throws -> Bool {
        guard let place = LibraryPath.place(clip.path),
            let folder = try OpenFolder.ifPresent(place.folder),
            let publication = try? ClipPublication(draft, of: clip, in: folder)
        else { return false }
        return publication.isBusy
    }

    private func checkFile(of clip: LibraryClip) async throws -> [LibraryFinding] {
        guard try Self.exists(FilePath(clip.path)) else {
            if fixes { try await library.remove([clip.id]) }
            return [LibraryFinding(.missing, clip.path, clip: clip.id, isFixed: fixes)]
        }
        var found: [LibraryFinding] = []
        let file = try FileFingerprint(of: FilePath(clip.path))
        let isSame = file.bytes == clip.bytes && file.headAndTailSHA256 == clip.hash
        if !isSame, clip.pending == nil {
            if fixes {
                try await library.setFingerprint(clip.id, file)
                try await library.markMasksStale(clip.id)
            }
            found.append(LibraryFinding(.changed, clip.path, clip: clip.id, isFixed: fixes))
        }
        for masks in try await library.masks(of: clip.id)
        where try !Self.exists(FilePath(masks.path)) {
            if fixes { try await library.removeMasks(of: clip.id, path: masks.path) }
            found.append(
                LibraryFinding(.missingMasks, masks.path, clip: clip.id, isFixed: fixes)
            )
        }
        return found
    }

    /// Whether something has a path. What cannot be seen for another reason is not missing.
    ///
    /// - Throws: `EightCutError` when that cannot be told.
    static func exists(_ path: FilePath) throws -> Bool {
        var info = stat()
        if path.withPlatformString({ fstatat(AT_FDCWD, $0, &info, 0) }) == 0 { return true }
        guard errno != ENOENT, errno != ENOTDIR else { return false }
        throw fileError("cannot look at", path, Errno(rawValue: errno))
    }
}

/// Compares one folder with its `dataset.json` and with the library.
struct FolderCheck: Sendable {
    private let library: Library
    private let folder: FilePath
    private let fixes: Bool

    init(_ library: Library, _ folder: FilePath, fixes: Bool) {
        self.library = library
        self.folder = folder
        self.fixes = fixes
    }

    func run() async throws -> [LibraryFinding] {
        let list = DatasetFile(in: folder)
        var found: [LibraryFinding] = []
        var listed: [DatasetEntry] = []
        do {
            listed = try list.entries()
        } catch let error as EightCutError where error.code == .outputUnusable {
            found.append(LibraryFinding(.damagedList, list.path.string, isFixed: fixes))
        }
        var filter = ClipFilter()
        filter.folder = folder.string
        let clips = try await library.clips(filter).filter {
            try (try? LibraryPath.clip($0.path).folder) == folder
                && LibraryCheck.exists(FilePath($0.path))
        }
        let entries = Dictionary(listed.map { (ExactText($0.path), $0) }) { first, _ in first }
        var missing: [LibraryClip] = []
        for clip in clips.reversed() {
            let entry = try await library.entry(of: clip)
            guard entries[ExactText(entry.path)] != entry else { continue }
            missing.append(clip)
            found.append(LibraryFinding(.unlisted, clip.path, clip: clip.id, isFixed: fixes))
        }
        // What cannot be looked at is not known to be gone.
        let gone = listed.map(\.path).filter {
            (try? LibraryCheck.exists(folder.pushing(FilePath($0)))) == false
        }
        found += gone.map {
            LibraryFinding(.gone, folder.pushing(FilePath($0)).string, isFixed: fixes)
        }
        if fixes, !missing.isEmpty || !gone.isEmpty || !found.isEmpty {
            DatasetFile.reportDamage(try await list.update([], removing: gone))
            for aside in try await library.publish(missing.map(\.id)) {
                DatasetFile.reportDamage(aside)
            }
        }
        // Under the lock no process starts a clip or replaces the list.
        let lock = try await FolderLock(waitingFor: folder)
        defer { withExtendedLifetime(lock) {} }
        return try found + files(known: Set(clips.map { ExactText($0.path) }))
    }

    /// Unknown files that look like clips, and leftovers of killed exports.
    private func files(known: Set<ExactText>) throws -> [LibraryFinding] {
        let open = try OpenFolder(folder)
        let names = try open.names()
        let leftovers = try names.filter { try Self.isLeftover($0, in: open) }
        if fixes, !leftovers.isEmpty { try open.removeStaleTemporaries(ours: FrameName.isOurs) }
        return try names.compactMap { name in
            let path = folder.appending(name)
            if leftovers.contains(name) {
                let isFixed = try fixes && open.status(of: name) == nil
                return LibraryFinding(.leftover, path.string, isFixed: isFixed)
            }
            guard try Self.looksLikeClip(name, in: open), !known.contains(ExactText(path.string))
            else {
                return nil
            }
            return LibraryFinding(.orphaned, path.string)
        }
    }

    /// A temporary file or folder that no running process has locked.
    private static func isLeftover(_ name: FilePath.Component, in folder: OpenFolder) throws -> Bool
    {
        guard AtomicFile.isTemporary(name), let kind = try folder.status(of: name)?.kind else {
            return false
        }
        return (kind == .file || kind == .folder) && !folder.isLocked(name)
    }

    /// `NAME_001.mp4`, `NAME_001_0.mkv`, or an image sequence.
    private static func looksLikeClip(
        _ name: FilePath.Component,
        in folder: OpenFolder
    ) throws -> Bool {
        guard ClipName.isOfClip(name.string), let kind = try folder.status(of: name)?.kind else {
            return false
        }
        if ClipName.isVideo(name.string) { return kind == .file }
        guard kind == .folder, let images = try folder.folder(name) else { return false }
        return try ["frame_0001.webp", "frame_0001.png"].contains {
            try FilePath.Component($0).flatMap { try images.status(of: $0) } != nil
        }
    }
}

/// A difference between the library, the disk and `dataset.json`.
package struct LibraryFinding: Sendable, Equatable, Codable {
    package enum Kind: String, Sendable, Codable {
        /// The program ended while it was cutting a clip.
        case unfinished
        /// A clip's file is missing.
        case missing
        /// A clip's file has other content.
        case changed
        /// The folder of a clip's masks is missing.
        case missingMasks
        /// `dataset.json` lacks a clip, or has other values than the library.
        case unlisted
        /// `dataset.json` lists a file that is missing.
        case gone
        /// `dataset.json` cannot be read.
        case damagedList
        /// A file looks like a clip, but is not in the library.
        case orphaned
        /// A leftover of a killed export.
        case leftover
        /// A record of the library has a value that no clip has.
        case damagedRecord
    }

    package let kind: Kind
    /// The file or folder; for a damaged record the column.
    package let path: String
    /// The clip's number; nil if it is not in the library.
    package let clip: Int64?
    /// Whether it was fixed.
    package let isFixed: Bool

    init(_ kind: Kind, _ path: String, clip: Int64? = nil, isFixed: Bool = false) {
        self.kind = kind
        self.path = path
        self.clip = clip
        self.isFixed = isFixed
    }
}
