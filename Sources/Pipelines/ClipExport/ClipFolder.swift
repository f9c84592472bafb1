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

    /// Opens and locks the folder, and deletes what killed exports left in it. Those that still run
    /// hold a lock on their files.
    ///
    /// - Throws: `EightCutError` when the folder cannot be written to.
    func open() async throws -> LockedClipFolder {
        let folder = try OpenFolder.creating(path)
        let lock = try await FolderLock(waitingFor: path)
        try DatasetFile(in: path).requireUsable(in: folder)
        try folder.removeStaleTemporaries(ours: FrameName.isOurs)
        return LockedClipFolder(folder: folder, lock: lock)
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

    fileprivate static func lastNumber(of name: String, in folder: OpenFolder) throws -> Int {
        try folder.names().compactMap {
            ClipName.number(of: ClipPlace.finalName(of: $0.string), name: name)
        }.max() ?? 0
    }
}

/// A folder of clips while no other export gives out numbers in it.
struct LockedClipFolder {
    fileprivate let folder: OpenFolder
    fileprivate let lock: FolderLock

    /// Reserves a place for each clip of a request: its next number, or for those that are missing
    /// among their siblings the number of those that are there. Places that are not used delete
    /// their files.
    ///
    /// - Parameters:
    ///   - request: what is cut.
    ///   - siblings: which of its clips.
    ///   - number: the number of its other clips; nil for a new one.
    ///   - audio: how audio is written; decides the container.
    /// - Returns: the places, in the order of `siblings`.
    /// - Throws: `EightCutError` when the folder cannot be written to.
    func reserve(
        _ request: ExportRequest,
        _ siblings: [Int],
        number: Int?,
        audio: CutSettings.Audio
    ) throws -> [ClipPlace] {
        let names = { (number: Int) in
            try siblings.map {
                try ClipNames(
                    stem: request.stem(number, $0),
                    form: request.settings.form,
                    audio: audio
                )
            }
        }
        let next = try ClipFolder.lastNumber(of: request.name, in: folder) + 1
        var place = (number: next, names: try names(next))
        if let number {
            let wanted = try names(number)
            let there = Set(
                try folder.names().map { ExactText(ClipPlace.finalName(of: $0.string)) }
            )
            if wanted.allSatisfy({ !there.contains(ExactText($0.main.string)) }) {
                place = (number, wanted)
            }
        }
        return try place.names.map {
            try ClipPlace($0, request.settings.form, in: folder, number: place.number)
        }
    }

    /// A place for a clip that is cut again: the old files stay until the new ones are complete.
    func reserve(
        again stem: String,
        form: CutSettings.Form,
        audio: CutSettings.Audio
    ) throws -> ClipPlace {
        let names = try ClipNames(stem: stem, form: form, audio: audio)
        return try ClipPlace(names, form, in: folder, number: 0)
    }
}
