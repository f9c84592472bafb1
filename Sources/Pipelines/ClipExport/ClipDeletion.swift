import ClipLibrary
import Diagnostics
import Files
import MaskStore
import SystemPackage

/// Deletes clips: their files, their masks, their entries in the lists.
///
/// Only files that are ours by a manifest and their names go, one by one, then their folder if it is
/// empty. Files go first and records last, so that a deletion that was interrupted can be repeated.
package struct ClipDeletion: Sendable {
    private let library: Library
    private let isPermanent: Bool
    private let trash = DesktopTrash()

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
        let verdicts: [ClipVerdict]
        let items: [DesktopTrash.Item]
        /// What stays, because it is not ours.
        package let left: [Left]

        /// Whether `restore` can bring its files back. From the sandbox of a Flatpak only the
        /// desktop's own trash can.
        package var canBeRestored: Bool { items.allSatisfy(\.canBeRestored) }
    }

    /// A file or folder that stays.
    package struct Left: Sendable, Equatable {
        package let path: FilePath
        /// Why, as a clause.
        package let why: String
    }

    /// Deletes a clip. When the trash refuses a file, nothing is deleted; in the sandbox of a Flatpak
    /// what it had taken by then stays in it.
    ///
    /// - Returns: the argument of `restore`; nil when there is no such clip.
    /// - Throws: `EightCutError`.
    @discardableResult
    package func delete(_ id: Int64) async throws -> Deleted? {
        try await delete([id]).first
    }

    /// Deletes clips. All files go before the first clip is forgotten.
    ///
    /// - Returns: the arguments of `restore`, without clips that the library does not know or whose
    ///   records are damaged.
    /// - Throws: `EightCutError`; then no clip is forgotten whose files are still there.
    package func delete(_ ids: [Int64]) async throws -> [Deleted] {
        let damaged = Set(try await library.damagedRecords().compactMap(\.clip))
        var plans: [Plan] = []
        for id in ids where !damaged.contains(id) {
            guard let clip = try await library.clip(id) else { continue }
            plans.append(
                try await Plan(
                    clip,
                    try await library.masks(of: id),
                    try await library.verdicts(of: id)
                )
            )
        }
        var deleted: [Deleted] = []
        for plan in plans { deleted.append(try await remove(plan)) }
        for clip in deleted.map(\.clip) {
            let path = FilePath(clip.path)
            let folder = path.removingLastComponent()
            guard try Folder.kind(of: folder) == .folder else { continue }
            DatasetFile.reportDamage(
                try await DatasetFile(in: folder)
                    .update([], removing: [path.lastComponent?.string ?? ""])
            )
        }
        try await library.remove(ids)
        return deleted
    }

    /// Restores a clip from the trash.
    ///
    /// - Throws: `EightCutError` when something else has taken its place.
    package func restore(_ deleted: Deleted) async throws {
        for item in deleted.items { try trash.restore(item) }
        try await library.restore(deleted.clip, deleted.masks, deleted.verdicts)
        for aside in try await library.publish([deleted.clip.id]) {
            DatasetFile.reportDamage(aside)
        }
    }

    private func remove(_ plan: Plan) async throws -> Deleted {
        var items: [DesktopTrash.Item] = []
        var left = plan.left
        do {
            for part in plan.parts {
                if isPermanent {
                    try part.delete()
                } else if let item = try await part.move(to: trash) {
                    items.append(item)
                }
            }
            left += try plan.parts.compactMap { try $0.rest() }
        } catch {
            // All or nothing goes to the trash.
            for item in items.reversed() { try? trash.restore(item) }
            throw error
        }
        return Deleted(
            clip: plan.clip,
            masks: plan.masks,
            verdicts: plan.verdicts,
            items: items,
            left: left
        )
    }
}

/// What is to be deleted of a clip. Nothing changes while it is made.
private struct Plan {
    let clip: LibraryClip
    let masks: [LibraryMasks]
    let verdicts: [ClipVerdict]
    /// In the order in which they go.
    private(set) var parts: [OwnedFiles] = []
    private(set) var left: [ClipDeletion.Left] = []

    /// - Throws: `EightCutError` when another run works on the clip or its masks, or the files in the
    ///   clip's place are not those that 8cut made.
    init(
        _ clip: LibraryClip,
        _ masks: [LibraryMasks],
        _ verdicts: [ClipVerdict]
    ) async throws {
        self.clip = clip
        self.masks = masks
        self.verdicts = verdicts
        for run in masks { try await addMasks(run) }
        guard let stored = try StoredClip(clip) else { return }
        try stored.requireOurs(toDo: "cannot delete")
        if stored.folder.isLocked(stored.main) || isBeingCut(stored.folder) {
            throw EightCutError(
                .outputBusy,
                "cannot delete",
                on: clip.path,
                because: "an export is working on it",
                remedy: "Wait for it to end."
            )
        }
        if let audio = stored.audio, try stored.folder.status(of: audio) != nil {
            parts.append(OwnedFiles(stored.folder, audio, files: nil))
        }
        if stored.isVideo {
            if try stored.folder.status(of: stored.main) != nil {
                parts.append(OwnedFiles(stored.folder, stored.main, files: nil))
            }
        } else if let images = try stored.images() {
            // The note goes last: it makes the folder known as ours.
            let files =
                images.ours.filter { $0 != FrameName.note }
                + images.ours.filter { $0 == FrameName.note }
            let paths = files.map { FilePath(root: nil, components: $0) }
            parts.append(OwnedFiles(stored.folder, stored.main, files: paths))
        }
    }

    private func isBeingCut(_ folder: OpenFolder) -> Bool {
        guard let draft = clip.draft,
            let name = LibraryPath.temporary(draft.pending, beside: folder.path)
        else { return false }
        return folder.isLocked(name)
    }

    private mutating func addMasks(_ run: LibraryMasks) async throws {
        let path = FilePath(run.path)
        let leave = { (why: String) in ClipDeletion.Left(path: path, why: why) }
        guard let place = LibraryPath.place(run.path),
            let parent = try OpenFolder.ifPresent(place.folder),
            let kind = try parent.status(of: place.name)?.kind
        else { return }
        guard kind == .folder, let folder = try parent.folder(place.name) else {
            left.append(leave("it is \(kind.name), not a folder of masks"))
            return
        }
        guard try folder.status(of: MaskFiles.manifest)?.kind == .file,
            let manifest = try? MaskManifest(readingFrom: path.appending(MaskFiles.manifest))
        else {
            left.append(leave("it has no \(MaskManifest.fileName) that 8cut can read"))
            return
        }
        guard isOfClip(manifest, run) else {
            left.append(leave("its masks are those of \(quoted(manifest.input.name))"))
            return
        }
        // A run of masks holds the lock for as long as it works, others for a moment.
        _ = try await FolderLock(waitingFor: path, .seconds(2))
        let files = try MaskFiles(manifest).list(in: folder)
        parts.append(OwnedFiles(parent, place.name, files: files))
    }

    /// Whether masks are those of the clip, or of an earlier cut of it.
    private func isOfClip(_ manifest: MaskManifest, _ run: LibraryMasks) -> Bool {
        let file = manifest.input.file
        if file.bytes == clip.bytes, file.headAndTailSHA256 == clip.hash { return true }
        return run.isStale && manifest.input.name == FilePath(clip.path).lastComponent?.string
    }
}

/// The files that a manifest and the naming rules have in a folder of masks.
private struct MaskFiles {
    static let manifest: FilePath.Component = "masks.json"
    private static let journal: FilePath.Component = ".8cut-journal.jsonl"
    private let masks: MaskManifest

    init(_ masks: MaskManifest) {
        self.masks = masks
    }

    /// Paths relative to the folder, the manifest last.
    func list(in folder: OpenFolder) throws -> [FilePath] {
        var files: [FilePath] = []
        for auxiliary in masks.auxiliary {
            guard let name = FilePath.Component(auxiliary.folder),
                try folder.status(of: name)?.kind == .folder, let inner = try folder.folder(name)
            else { continue }
            files += try frames(in: inner).map { FilePath(root: nil, components: name, $0) }
        }
        files += try frames(in: folder).map { FilePath(root: nil, components: $0) }
        for name in [Self.journal, Self.manifest]
        where try folder.status(of: name)?.kind == .file {
            files.append(FilePath(root: nil, components: name))
        }
        return files
    }

    private func frames(in folder: OpenFolder) throws -> [FilePath.Component] {
        // Masks that are not complete can be more than the manifest has.
        let count = masks.complete ? masks.frameCount : .max
        return try folder.names().filter { name in
            guard let frame = MaskName.frame(of: name.string), frame < count else { return false }
            return try folder.status(of: name)?.kind == .file
        }
    }
}

/// A plain file, or files of a folder, that are ours.
private struct OwnedFiles {
    private let parent: OpenFolder
    private let name: FilePath.Component
    /// Paths relative to the folder, in the order in which they go; nil for a plain file.
    private let files: [FilePath]?

    init(_ parent: OpenFolder, _ name: FilePath.Component, files: [FilePath]?) {
        self.parent = parent
        self.name = name
        self.files = files
    }

    private var path: FilePath { parent.path.appending(name) }

    /// - Throws: `EightCutError` when something of ours cannot be deleted.
    func delete() throws {
        guard let files else {
            try parent.removeFile(name)
            return
        }
        guard let folder = try parent.folder(name) else { return }
        for file in files {
            guard let name = file.lastComponent else { continue }
            var place = folder
            for part in file.removingLastComponent().components {
                guard let inner = try place.folder(part) else { continue }
                place = inner
            }
            try place.removeFile(name)
        }
        try removeEmptyFolders(folder)
    }

    /// - Returns: nil when there is nothing to move.
    /// - Throws: `EightCutError` when there is no trash; nothing was moved then.
    func move(to trash: DesktopTrash) async throws -> DesktopTrash.Item? {
        guard let files else { return try await trash.move(path) }
        guard let folder = try parent.folder(name), !files.isEmpty else { return nil }
        let item = try await trash.move(files, of: path)
        try removeEmptyFolders(folder)
        return item
    }

    private func removeEmptyFolders(_ folder: OpenFolder) throws {
        for inner in Set(
            (files ?? []).filter { $0.components.count > 1 }.compactMap(\.components.first)
        ) {
            try folder.removeFolderIfEmpty(inner)
        }
        try parent.removeFolderIfEmpty(name)
    }

    /// What is left of the folder; nil when it is gone.
    func rest() throws -> ClipDeletion.Left? {
        guard files != nil, let names = try parent.folder(name)?.names() else { return nil }
        return ClipDeletion.Left(
            path: path,
            why: "8cut did not make all that is in it: \(StoredClip.list(names))"
        )
    }
}
