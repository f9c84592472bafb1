import ClipLibrary
import Clips
import Files
import Glibc
import SystemPackage

/// Takes a clip away: its files, its masks, what the lists say about it.
public struct ClipDeletion: Sendable {
    private let library: Library
    private let isPermanent: Bool

    /// Plans it.
    ///
    /// - Parameters:
    ///   - library: where the clip is kept.
    ///   - isPermanent: whether files are deleted instead of moved to the trash.
    public init(_ library: Library, permanently isPermanent: Bool) {
        self.library = library
        self.isPermanent = isPermanent
    }

    /// Takes a clip away. When the trash refuses a file, what is left stays on record.
    ///
    /// - Throws: `EightCutError`.
    public func delete(_ id: Int64) async throws {
        guard let clip = try await library.clip(id) else { return }
        let path = FilePath(clip.path)
        for masks in try await library.masks(of: id) {
            let folder = FilePath(masks.path)
            // A folder without a manifest is none of ours any more.
            guard access(folder.appending("masks.json").string, F_OK) == 0 else { continue }
            try remove(folder)
        }
        try remove(path)
        if path.extension == nil {
            let sound = path.removingLastComponent()
                .appending((path.lastComponent?.string ?? "") + ".wav")
            try remove(sound)
        }
        try await DatasetFile(in: path.removingLastComponent())
            .update([], removing: [path.lastComponent?.string ?? ""])
        try await library.remove([id])
    }

    private func remove(_ path: FilePath) throws {
        var info = stat()
        guard lstat(path.string, &info) == 0 else { return }
        if isPermanent { try? FolderTree.remove(path) } else { try Trash.move(path) }
    }
}
