import Diagnostics
import Files
import Glibc
import SystemPackage

/// Compares the library with the disk and with `dataset.json`, and fixes what can be fixed.
///
/// Files of clips are never deleted or changed. A clip whose file was moved keeps its record, which
/// follows the file.
package struct LibraryCheck: Sendable {
    private let library: Library
    private let fixes: Bool
    private let folders: [FilePath]
    private let searches: [FilePath]

    /// - Parameters:
    ///   - library: the library.
    ///   - folders: folders to check besides those of known clips.
    ///   - searches: folders in which, and below which, files that were moved are looked for.
    ///   - fixes: whether to fix what is found.
    package init(
        _ library: Library,
        folders: [FilePath] = [],
        searches: [FilePath] = [],
        fixes: Bool
    ) {
        self.library = library
        self.folders = folders.map(LibraryPath.plain)
        self.searches = searches.map(LibraryPath.plain)
        self.fixes = fixes
    }

    /// Runs the check.
    ///
    /// - Returns: the findings, in the order of the clips and then of the folders.
    /// - Throws: `EightCutError` when the library or a folder cannot be read or written.
    package func run() async throws -> [LibraryFinding] {
        try await library.settleFolders()
        var found = try await library.damagedRecords().reversed().map {
            LibraryFinding(.damagedRecord, $0.column, clip: $0.clip)
        }
        for clip in try await library.pendingClips() { found += try await unfinished(clip) }
        var clips: [LibraryClip] = []
        var folders = self.folders
        for clip in try await library.clips().reversed() {
            // Nothing acts on a path that a clip cannot have: no list is written beside it.
            guard let folder = try? LibraryPath.clip(clip.path).folder else {
                if fixes { try await library.remove([clip.id]) }
                found.append(LibraryFinding(.damagedRecord, "path", clip: clip.id, isFixed: fixes))
                continue
            }
            clips.append(clip)
            if !folders.contains(folder) { folders.append(folder) }
        }
        let files = try await ClipFileCheck(library, clips, folders, searches, fixes: fixes).run()
        found += files.findings
        for folder in files.newFolders where !folders.contains(folder) { folders.append(folder) }
        for folder in folders where try Self.exists(folder) {
            found += try await FolderCheck(
                library,
                folder,
                moved: files.moved,
                fixes: fixes
            ).run()
        }
        return found
    }

    /// Checks a clip that was started, and that no process works on.
    private func unfinished(_ clip: LibraryClip) async throws -> [LibraryFinding] {
        if clip.isBeingCut { return [] }
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

    /// Whether something has a path. What cannot be seen for another reason is not missing.
    ///
    /// - Throws: `EightCutError` when that cannot be told.
    package static func exists(_ path: FilePath) throws -> Bool {
        var info = stat()
        if path.withPlatformString({ fstatat(AT_FDCWD, $0, &info, 0) }) == 0 { return true }
        guard errno != ENOENT, errno != ENOTDIR else { return false }
        throw fileError("cannot look at", path, Errno(rawValue: errno))
    }
}

/// A difference between the library, the disk and `dataset.json`.
package struct LibraryFinding: Sendable, Equatable, Codable {
    package enum Kind: String, Sendable, Codable {
        /// The program ended while it was cutting a clip.
        case unfinished
        /// A clip's file is missing.
        case missing
        /// A clip's file, or a folder of masks, is in another place.
        case moved
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
    /// Where the file is that was moved; nil for others.
    package let newPath: String?

    /// Whether the library and the disk do not agree. An unknown file is no fault of the library; nor
    /// is a leftover, which the next export deletes.
    package var isFault: Bool { !isFixed && ![.orphaned, .leftover].contains(kind) }

    init(
        _ kind: Kind,
        _ path: String,
        clip: Int64? = nil,
        isFixed: Bool = false,
        newPath: String? = nil
    ) {
        self.kind = kind
        self.path = path
        self.clip = clip
        self.isFixed = isFixed
        self.newPath = newPath
    }
}
