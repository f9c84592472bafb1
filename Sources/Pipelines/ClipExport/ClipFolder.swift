import ClipLibrary
import Diagnostics
import Files
import SystemPackage

/// A folder of clips: gives out numbers, so that no two exports use the same one.
package struct ClipFolder: Sendable {
    package let path: FilePath

    /// A folder, which need not exist yet.
    package init(_ path: FilePath) {
        self.path = LibraryPath.plain(path)
    }

    /// Reserves places for clips: each gets the next number of its name, in their order.
    ///
    /// - Parameters:
    ///   - clips: name, and how many overlapping clips share its number (0 for a single one).
    ///   - form: what is written.
    ///   - audio: how audio is written; decides the container.
    /// - Returns: the places, all siblings of a clip one after the other.
    /// - Throws: `EightCutError` when the folder cannot be written to.
    package func reserve(
        _ clips: [(name: String, siblings: Int)],
        form: CutSettings.Form,
        audio: CutSettings.Audio
    ) async throws -> [ClipPlace] {
        let (folder, lock) = try await open()
        defer { withExtendedLifetime(lock) {} }
        var next: [String: Int] = [:]
        var places: [ClipPlace] = []
        // Places that are not used delete their files.
        for (name, siblings) in clips {
            let number = try next[name] ?? (Self.lastNumber(of: name, in: folder) + 1)
            next[name] = number + 1
            for sibling in 0..<max(1, siblings) {
                let stem = ClipName.stem(name, number, sibling: siblings > 0 ? sibling : nil)
                let names = try ClipNames(stem: stem, form: form, audio: audio)
                places.append(try ClipPlace(names, form, in: folder, number: number))
            }
        }
        return places
    }

    /// The names that clips would get now.
    package func nextNames(_ clips: [(name: String, siblings: Int)]) throws -> [String] {
        let folder = try OpenFolder.ifPresent(path)
        var next: [String: Int] = [:]
        return try clips.flatMap { name, siblings in
            let last = try folder.map { try Self.lastNumber(of: name, in: $0) } ?? 0
            let number = next[name] ?? (last + 1)
            next[name] = number + 1
            return (0..<max(1, siblings)).map {
                ClipName.stem(name, number, sibling: siblings > 0 ? $0 : nil)
            }
        }
    }

    /// A place for a clip that is cut again: the old files stay until the new ones are complete.
    package func reserve(
        again stem: String,
        form: CutSettings.Form,
        audio: CutSettings.Audio
    ) async throws -> ClipPlace {
        let (folder, lock) = try await open()
        defer { withExtendedLifetime(lock) {} }
        let names = try ClipNames(stem: stem, form: form, audio: audio)
        return try ClipPlace(names, form, in: folder, number: 0)
    }

    /// Opens and locks the folder, and deletes what killed exports left in it. Those that still run
    /// hold a lock on their files.
    private func open() async throws -> (OpenFolder, FolderLock) {
        let folder = try OpenFolder.creating(path)
        let lock = try await FolderLock(waitingFor: path)
        try DatasetFile(in: path).requireUsable(in: folder)
        try folder.removeStaleTemporaries(ours: FrameName.isOurs)
        return (folder, lock)
    }

    private static func lastNumber(of name: String, in folder: OpenFolder) throws -> Int {
        try folder.names().compactMap {
            ClipName.number(of: ClipPlace.finalName(of: $0.string), name: name)
        }.max() ?? 0
    }
}
