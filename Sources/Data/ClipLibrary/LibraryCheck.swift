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
        self.folders = folders.map(\.absolute)
        self.fixes = fixes
    }

    /// Runs the check.
    ///
    /// - Returns: the findings, in the order of the clips and then of the folders.
    /// - Throws: `EightCutError` when the library or a folder cannot be read or written.
    package func run() async throws -> [LibraryFinding] {
        var found: [LibraryFinding] = []
        for clip in try await library.pendingClips() { found += try await unfinished(clip) }
        let clips = try await library.clips().reversed()
        var folders = self.folders
        for clip in clips {
            found += try await checkFile(of: clip)
            let folder = FilePath(clip.path).removingLastComponent()
            if !folders.contains(folder) { folders.append(folder) }
        }
        for folder in folders where Self.exists(folder) {
            found += try await FolderCheck(library, folder, fixes: fixes).run()
        }
        return found
    }

    /// Checks a clip that was started. If its file exists it is complete, and only the record is
    /// missing.
    private func unfinished(_ clip: LibraryClip) async throws -> [LibraryFinding] {
        guard let draft = clip.draft, !Self.isLocked(FilePath(draft.pending)) else { return [] }
        let finding = LibraryFinding(.unfinished, clip.path, clip: clip.id, isFixed: fixes)
        guard fixes else { return [finding] }
        try? FolderTree.remove(FilePath(draft.pending))
        guard Self.exists(FilePath(clip.path)) else {
            try await library.remove([clip.id])
            return [finding]
        }
        let file = try FileFingerprint(of: FilePath(clip.path))
        if clip.bytes == file.bytes, clip.hash == file.headAndTailSHA256 {
            try await library.abandonAgain(clip.id)
        } else {
            try await library.finish(clip.id, draft, file)
            try await library.markMasksStale(clip.id)
        }
        return [finding]
    }

    private func checkFile(of clip: LibraryClip) async throws -> [LibraryFinding] {
        guard Self.exists(FilePath(clip.path)) else {
            if fixes { try await library.remove([clip.id]) }
            return [LibraryFinding(.missing, clip.path, clip: clip.id, isFixed: fixes)]
        }
        var found: [LibraryFinding] = []
        let file = try FileFingerprint(of: FilePath(clip.path))
        if file.bytes != clip.bytes || file.headAndTailSHA256 != clip.hash {
            if fixes {
                try await library.setFingerprint(clip.id, file)
                try await library.markMasksStale(clip.id)
            }
            found.append(LibraryFinding(.changed, clip.path, clip: clip.id, isFixed: fixes))
        }
        for masks in try await library.masks(of: clip.id) where !Self.exists(FilePath(masks.path)) {
            if fixes { try await library.removeMasks(of: clip.id, path: masks.path) }
            found.append(
                LibraryFinding(.missingMasks, masks.path, clip: clip.id, isFixed: fixes)
            )
        }
        return found
    }

    static func exists(_ path: FilePath) -> Bool { access(path.string, F_OK) == 0 }

    /// Whether a running export holds the lock of a file or folder that it writes.
    static func isLocked(_ path: FilePath) -> Bool {
        let descriptor = open(path.string, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        return flock(descriptor, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK
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
            FilePath($0.path).removingLastComponent() == folder
                && LibraryCheck.exists(FilePath($0.path))
        }
        let entries = Dictionary(listed.map { ($0.path, $0) }) { first, _ in first }
        var missing: [LibraryClip] = []
        for clip in clips.reversed() {
            let entry = try await library.entry(of: clip)
            guard entries[entry.path] != entry else { continue }
            missing.append(clip)
            found.append(LibraryFinding(.unlisted, clip.path, clip: clip.id, isFixed: fixes))
        }
        let gone = listed.map(\.path).filter { !LibraryCheck.exists(folder.pushing(FilePath($0))) }
        found += gone.map {
            LibraryFinding(.gone, folder.pushing(FilePath($0)).string, isFixed: fixes)
        }
        if fixes, !missing.isEmpty || !gone.isEmpty || !found.isEmpty {
            try await list.update([], removing: gone)
            try await library.publish(missing.map(\.id))
        }
        // Under the lock no process starts a clip or replaces the list.
        let lock = try await FolderLock(waitingFor: folder)
        defer { withExtendedLifetime(lock) {} }
        return try found + files(known: Set(clips.map(\.path)))
    }

    /// Unknown files that look like clips, and leftovers of killed exports.
    private func files(known: Set<String>) throws -> [LibraryFinding] {
        try Folder.names(in: folder).compactMap { name in
            let path = folder.appending(name)
            let isOfList = name.hasSuffix(exactly: "-" + DatasetFile.fileName)
            if name.hasPrefix(exactly: AtomicFile.clipPrefix)
                || name.hasPrefix(exactly: AtomicFile.temporaryPrefix) && isOfList
            {
                guard !LibraryCheck.isLocked(path) else { return nil }
                if fixes { try? FolderTree.remove(path) }
                return LibraryFinding(.leftover, path.string, isFixed: fixes)
            }
            guard Self.looksLikeClip(path), !known.contains(path.string) else { return nil }
            return LibraryFinding(.orphaned, path.string)
        }
    }

    /// `NAME_001.mp4`, `NAME_001_0.mkv`, or an image sequence.
    private static func looksLikeClip(_ path: FilePath) -> Bool {
        guard let stem = path.stem, stem.wholeMatch(of: /.+_\d{3,}(_\d+)?/) != nil else {
            return false
        }
        if ["mp4", "mkv"].contains(path.extension) { return true }
        return path.extension == nil
            && ["webp", "png"].contains {
                LibraryCheck.exists(path.appending("frame_0001." + $0))
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
    }

    package let kind: Kind
    /// The file or folder.
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
