import Files
import Glibc
import SystemPackage

/// Compares the library with the disk and with `dataset.json`, and fixes what can be mended.
///
/// Files of clips are never deleted or changed.
package struct LibraryCheck: Sendable {
    private let library: Library
    private let fixes: Bool
    private let folders: [FilePath]

    /// Plans it.
    ///
    /// - Parameters:
    ///   - library: what is checked.
    ///   - folders: folders to look at besides those of known clips.
    ///   - fixes: whether to put right what is found.
    package init(_ library: Library, folders: [FilePath] = [], fixes: Bool) {
        self.library = library
        self.folders = folders.map(\.absolute)
        self.fixes = fixes
    }

    /// Looks.
    ///
    /// - Returns: what was found, in the order of the clips and then of the folders.
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

    /// A clip that was begun. When it is in its place it is whole: only noting that is left.
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

    /// Whether an export still works on what it writes there.
    static func isLocked(_ path: FilePath) -> Bool {
        let descriptor = open(path.string, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        return flock(descriptor, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK
    }
}
