import Diagnostics
import Files
import SystemPackage

/// Finishes, or takes back, what a killed process has left half done: see `Library` for the order
/// in which things happen. What a running process works on is left alone.
package struct LibraryRecovery: Sendable {
    private let library: Library

    package init(_ library: Library) {
        self.library = library
    }

    /// Looks at all clips that are not finished, or not listed.
    ///
    /// - Parameter folder: only clips in this folder; nil for all.
    /// - Throws: `CancellationError`, or `EightCutError` when the library cannot be read. A folder
    ///   that cannot be written is no error: what is left there is finished another time.
    package func run(in folder: FilePath? = nil) async throws {
        for clip in try await library.pendingClips() {
            let parent = FilePath(clip.path).removingLastComponent()
            guard folder == nil || folder == parent else { continue }
            do { _ = try await settle(clip.id) } catch is EightCutError { continue }
        }
        guard folder == nil else { return }
        try await library.publishUnlisted()
    }

    /// Settles one clip.
    ///
    /// - Returns: false when a running process works on it, or its folder is not there.
    /// - Throws: `EightCutError` when that fails, or the library has paths that are not ours.
    @discardableResult
    package func settle(_ id: Int64) async throws -> Bool {
        guard let first = try await library.clip(id), first.pending != nil,
            let folder = try OpenFolder.ifPresent(try LibraryPath.clip(first.path).folder)
        else { return false }
        // Who finishes a clip holds this lock, and needs it for a moment only.
        guard let lock = try? FolderLock(folder) else { return false }
        defer { withExtendedLifetime(lock) {} }
        guard let clip = try await library.clip(id), clip.pending != nil, clip.path == first.path
        else { return true }
        guard let draft = clip.draft else {
            try await drop(clip)
            return true
        }
        let publication = try ClipPublication(draft, of: clip, in: folder)
        guard !publication.isBusy else { return false }
        let isThere = try publication.isInPlace || publication.isWaiting
        guard let file = draft.file, isThere else {
            try publication.removeAll()
            try await drop(clip)
            return true
        }
        try publication.run()
        try await library.finish(id, draft, file)
        DatasetFile.reportDamage(try await library.publish([id], in: folder))
        return true
    }

    /// Forgets the draft, and the clip if it was a new one.
    package func drop(_ clip: LibraryClip) async throws {
        if clip.hash != nil {
            try await library.abandonAgain(clip.id)
        } else {
            try await library.remove([clip.id])
        }
    }
}

extension Library {
    /// Gives a complete clip its name, and records it: the last steps of an export.
    ///
    /// - Parameters:
    ///   - id: the clip.
    ///   - draft: with `file` and `fileNumber`.
    ///   - folder: the folder of the clip.
    /// - Returns: the path that a damaged list of clips was moved to.
    /// - Throws: `EightCutError`, or `CancellationError`.
    package func publish(
        _ id: Int64,
        _ draft: ClipDraft,
        in folder: OpenFolder
    ) async throws -> FilePath? {
        let lock = try await FolderLock(waitingFor: folder.path)
        defer { withExtendedLifetime(lock) {} }
        try folder.requireStillThere()
        guard let file = draft.file, let clip = try await clip(id) else { return nil }
        try await complete(id, draft)
        try ClipPublication(draft, of: clip, in: folder).run()
        try await finish(id, draft, file)
        return try await publish([id], in: folder)
    }
}
