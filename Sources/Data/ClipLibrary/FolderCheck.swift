import Diagnostics
import Files
import SystemPackage

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
        // Under the lock nobody is about to begin a clip or to replace the list.
        let lock = try await FolderLock(waitingFor: folder)
        defer { withExtendedLifetime(lock) {} }
        return try found + files(known: Set(clips.map(\.path)))
    }

    /// Files that look like clips, and what killed exports have left.
    private func files(known: Set<String>) throws -> [LibraryFinding] {
        try Folder.names(in: folder).compactMap { name in
            let path = folder.appending(name)
            let isOfList = name.hasSuffix("-" + DatasetFile.fileName)
            if name.hasPrefix(AtomicFile.clipPrefix)
                || name.hasPrefix(AtomicFile.temporaryPrefix) && isOfList
            {
                guard !LibraryCheck.isLocked(path) else { return nil }
                if fixes { try? FolderTree.remove(path) }
                return LibraryFinding(.leftover, path.string, isFixed: fixes)
            }
            guard Self.looksLikeClip(path), !known.contains(path.string) else { return nil }
            return LibraryFinding(.orphaned, path.string)
        }
    }

    /// `NAME_001.mp4`, `NAME_001_0.mkv`, or a folder of pictures.
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
