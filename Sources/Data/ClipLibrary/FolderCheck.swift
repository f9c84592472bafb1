import Diagnostics
import Files
import SystemPackage

/// Compares one folder with its `dataset.json` and with the library.
struct FolderCheck: Sendable {
    private let library: Library
    private let folder: FilePath
    /// Files whose clips are recorded elsewhere.
    private let moved: Set<ExactText>
    private let fixes: Bool

    init(_ library: Library, _ folder: FilePath, moved: Set<ExactText> = [], fixes: Bool) {
        self.library = library
        self.folder = folder
        self.moved = moved
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
        return try found + files(known: moved.union(clips.map { ExactText($0.path) }))
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
