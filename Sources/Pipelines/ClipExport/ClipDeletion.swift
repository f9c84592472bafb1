import ClipLibrary
import Files
import Glibc
import SystemPackage

/// Deletes a clip: its files, its masks, its entries in the lists.
package struct ClipDeletion: Sendable {
    private let library: Library
    private let isPermanent: Bool

    /// - Parameters:
    ///   - library: the library of the clip.
    ///   - isPermanent: whether files are deleted instead of moved to the trash.
    package init(_ library: Library, permanently isPermanent: Bool) {
        self.library = library
        self.isPermanent = isPermanent
    }

    /// A clip that was moved to the trash.
    package struct Deleted: Sendable {
        /// The entry in the library.
        package let clip: LibraryClip
        let masks: [LibraryMasks]
        let items: [Trash.Item]
    }

    /// Deletes a clip. When the trash refuses a file, nothing is deleted.
    ///
    /// - Returns: the argument of `restore`; nil when there is no such clip.
    /// - Throws: `EightCutError`.
    @discardableResult
    package func delete(_ id: Int64) async throws -> Deleted? {
        guard let clip = try await library.clip(id) else { return nil }
        let path = FilePath(clip.path)
        let masks = try await library.masks(of: id)
        var items: [Trash.Item] = []
        do {
            for run in masks {
                let folder = FilePath(run.path)
                // A folder without a manifest is not ours any more.
                guard access(folder.appending("masks.json").string, F_OK) == 0 else { continue }
                try remove(folder, &items)
            }
            try remove(path, &items)
            if path.extension == nil {
                let audio = path.removingLastComponent()
                    .appending((path.lastComponent?.string ?? "") + ".wav")
                try remove(audio, &items)
            }
        } catch {
            // All or nothing is deleted.
            for item in items.reversed() { try? Trash.restore(item) }
            throw error
        }
        try await DatasetFile(in: path.removingLastComponent())
            .update([], removing: [path.lastComponent?.string ?? ""])
        try await library.remove([id])
        return Deleted(clip: clip, masks: masks, items: items)
    }

    /// Restores a clip from the trash.
    ///
    /// - Throws: `EightCutError` when something else has taken its place.
    package func restore(_ deleted: Deleted) async throws {
        for item in deleted.items { try Trash.restore(item) }
        try await library.restore(deleted.clip, deleted.masks)
        try await library.publish([deleted.clip.id])
    }

    private func remove(_ path: FilePath, _ items: inout [Trash.Item]) throws {
        var info = stat()
        guard lstat(path.string, &info) == 0 else { return }
        if isPermanent { try? FolderTree.remove(path) } else { items.append(try Trash.move(path)) }
    }
}
