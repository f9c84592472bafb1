import Diagnostics
import Files
import SystemPackage

/// Takes away what this program has downloaded, and nothing else.
package struct CheckpointRemoval: Sendable {
    private let installed: InstalledCheckpoint

    /// Plans it.
    package init(_ installed: InstalledCheckpoint) {
        self.installed = installed
    }

    /// Does it: our files of the snapshot, the blobs that nothing refers to any more, the folders
    /// that are empty then, the record.
    ///
    /// - Returns: how many bytes were freed.
    /// - Throws: `EightCutError`: `inputMissing` when this program has downloaded nothing,
    ///   `outputBusy` while a download runs.
    package func run() throws -> Int {
        let (checkpoint, home) = (installed.checkpoint, installed.home)
        let record = installed.record
        guard installed.packaged == nil ? record != nil : installed.state != .missing else {
            throw notOurs()
        }
        let records = try CheckpointRecord.creatingFolder(in: home)
        let lockName = CheckpointRecord.lockName(of: checkpoint)
        guard let lock = try CacheLock.takeNow(lockName, in: records) else {
            throw EightCutError(
                .outputBusy,
                "cannot remove",
                on: checkpoint.name,
                because: "it is being downloaded",
                remedy: "Stop the download first."
            )
        }
        defer { withExtendedLifetime(lock) {} }
        try records.removeStaleTemporaries()
        var freed = try installed.packaged?.remove() ?? 0
        if let record, let folders = try RepositoryFolders.ifPresent(installed.cache) {
            freed = try remove(record, from: folders)
            folders.removeEmptyFolders()
        }
        try homeErrors {
            try records.removeFile(VerifiedBlobs.name(of: checkpoint))
            try records.removeFile(CheckpointRecord.name(of: checkpoint))
            try records.removeFile(component(lockName))
        }
        return freed
    }

    /// Deletes our links, and the contents that nothing links to any more.
    ///
    /// - Returns: how many bytes were freed.
    private func remove(
        _ record: CheckpointRecord,
        from folders: RepositoryFolders
    ) throws -> Int {
        // All of them before anything is deleted: none may be a link.
        let blobs = try cacheErrors { try folders.repository.folder("blobs") }
        let refs = try cacheErrors { try folders.repository.folder("refs") }
        let snapshots = try cacheErrors { try folders.repository.folder("snapshots") }
        let locks = try folders.creatingLocks()
        let commit = try component(record.commit)
        let snapshot = try cacheErrors { try snapshots?.folder(commit) }
        for file in record.files where file.isOurs {
            let name = try component(file.name)
            guard let snapshot, SnapshotLink.hash(name, in: snapshot) == file.etag else { continue }
            _ = try cacheErrors { try snapshot.removeFile(name) }
        }
        let isGone = try snapshot == nil || snapshots?.removeFolderIfEmpty(commit) == true
        if let refs, isGone, RepositoryFolders.mainCommit(in: refs) == record.commit {
            try refs.removeFile("main")
        }
        guard let blobs else { return 0 }
        let needed = try snapshots.map { try Self.linkedHashes($0) } ?? []
        var freed = 0
        for etag in Set(record.files.map(\.etag)) {
            // Whoever holds the lock is downloading this blob.
            let lockName = etag + ".lock"
            guard let lock = try CacheLock.takeNow(lockName, in: locks) else { continue }
            defer { withExtendedLifetime(lock) {} }
            freed += try Self.remove(RepositoryCache.partialName(etag), from: blobs)
            if !needed.contains(etag) {
                freed += try Self.remove(etag, from: blobs)
                try locks.removeFile(component(lockName))
            }
        }
        return freed
    }

    /// The blobs that some snapshot links to, at whatever depth. Links to folders are not followed.
    private static func linkedHashes(_ top: OpenFolder) throws -> Set<String> {
        var hashes: Set<String> = []
        var folders = [top]
        while let folder = folders.popLast() {
            for name in try folder.names() {
                switch try folder.status(of: name)?.kind {
                case .folder: if let inner = try folder.folder(name) { folders.append(inner) }
                case .link:
                    if let hash = SnapshotLink.hash(name, in: folder) { hashes.insert(hash) }
                default: break
                }
            }
        }
        return hashes
    }

    /// Deletes a content. What is no plain file under its name is not ours.
    private static func remove(_ name: String, from blobs: OpenFolder) throws -> Int {
        let name = try component(name)
        guard let status = try blobs.status(of: name), status.kind == .file else { return 0 }
        return try cacheErrors { try blobs.removeFile(name) } ? status.bytes : 0
    }

    private func notOurs() -> EightCutError {
        let isThere = installed.state != .missing
        return EightCutError(
            .inputMissing,
            "cannot remove",
            on: installed.checkpoint.name,
            because: isThere
                ? "another program has downloaded it" : "it is not downloaded",
            remedy: isThere
                ? "Delete \(quoted(installed.cache.path.string)) if no other program needs it."
                : nil
        )
    }
}
