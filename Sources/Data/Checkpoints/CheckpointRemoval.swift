import Diagnostics
import Files
import Glibc
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
        let (checkpoint, cache) = (installed.checkpoint, installed.cache)
        let lockPath = CheckpointRecord.lock(of: checkpoint, in: installed.home)
        guard let lock = try CacheLock.takeNow(lockPath) else {
            throw EightCutError(
                .outputBusy,
                "cannot remove",
                on: checkpoint.name,
                because: "it is being downloaded",
                remedy: "Stop the download first."
            )
        }
        defer { withExtendedLifetime(lock) {} }
        guard let record = installed.record else { throw notOurs() }
        let snapshot = cache.snapshot(record.commit)
        for file in record.files where file.isOurs { unlink(snapshot.appending(file.name).string) }
        rmdir(snapshot.string)
        if cache.mainCommit == record.commit, (try? Folder.kind(of: snapshot)) == .missing {
            unlink(cache.mainReference.string)
        }
        let needed = linkedHashes()
        var freed = 0
        for etag in Set(record.files.map(\.etag)) {
            // Whoever holds the lock is downloading this blob.
            guard let lock = try CacheLock.takeNow(cache.lock(etag)) else { continue }
            defer { withExtendedLifetime(lock) {} }
            freed += remove(cache.partial(etag))
            if !needed.contains(etag) {
                freed += remove(cache.blob(etag))
                unlink(cache.lock(etag).string)
            }
        }
        for name in ["blobs", "refs", "snapshots"] { rmdir(cache.path.appending(name).string) }
        rmdir(cache.path.string)
        rmdir(cache.locks.string)
        unlink(CheckpointRecord.path(of: checkpoint, in: installed.home).string)
        unlink(lockPath.string)
        return freed
    }

    /// The blobs that some snapshot links to, at whatever depth.
    private func linkedHashes() -> Set<String> {
        var hashes: Set<String> = []
        var folders = [installed.cache.snapshots]
        while let folder = folders.popLast() {
            for name in (try? Folder.names(in: folder)) ?? [] {
                let path = folder.appending(name)
                var info = stat()
                guard lstat(path.string, &info) == 0 else { continue }
                if info.st_mode & S_IFMT == S_IFDIR {
                    folders.append(path)
                } else if let hash = RepositoryCache.linkedHash(path) {
                    hashes.insert(hash)
                }
            }
        }
        return hashes
    }

    private func remove(_ path: FilePath) -> Int {
        let size = RepositoryCache.size(of: path) ?? 0
        return unlink(path.string) == 0 ? size : 0
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
