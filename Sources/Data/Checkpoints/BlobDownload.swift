import Diagnostics
import Files
import Glibc
import SystemPackage

/// Gets one file's content into the cache, unless it is there.
struct BlobDownload {
    let repository: String
    let commit: String
    let file: HubFile
    let cache: RepositoryCache
    let client: HubClient
    let progress: ByteProgress

    /// Does it.
    ///
    /// - Throws: `EightCutError`; what has come is then kept, unless it is damaged.
    func run() async throws {
        try cacheErrors { try Folder.create(cache.blob(file.etag).removingLastComponent()) }
        let lock = try await CacheLock.take(cache.lock(file.etag)) {
            client.note("waiting for another program that downloads \(file.name)")
        }
        defer { withExtendedLifetime(lock) {} }
        let blob = cache.blob(file.etag)
        if let size = RepositoryCache.size(of: blob) {
            if size == file.bytes { return try progress.finishFile(file.bytes) }
            unlink(blob.string)
        }
        try await fetch()
        do {
            try AtomicFile.rename(cache.partial(file.etag), to: blob)
        } catch {
            throw cacheError("cannot write", blob, error)
        }
        try progress.finishFile(file.bytes)
    }

    /// Fills the partial file until its hash is right. Where pieces were put together, one more
    /// time from the start.
    private func fetch() async throws {
        let path = cache.partial(file.etag)
        let partial = try PartialFile(path, of: file)
        while true {
            try await fill(partial)
            if try partial.isWhole() { return }
            guard partial.isPatched else {
                unlink(path.string)
                throw partial.damaged("its hash is not \(file.etag), as the server said")
            }
            client.note("\(file.name) is damaged; downloading it again from the start")
            try partial.restart()
            try progress.report(partial.count)
        }
    }

    private func fill(_ partial: PartialFile) async throws {
        try progress.report(partial.count)
        var retry = Retry(note: client.note)
        var furthest = partial.count
        while partial.count < file.bytes {
            do {
                try await fetchPiece(partial)
                guard partial.count < file.bytes else { return }
                throw TransferFailure(
                    error: EightCutError(
                        .networkFailed,
                        "cannot download",
                        on: file.name,
                        because: "the server ended the transfer early",
                        remedy: "Run the same command again: what has come is kept."
                    )
                )
            } catch let failure as TransferFailure {
                // Starting over from the first byte, again and again, is no advance.
                let hasAdvanced = partial.count > furthest
                furthest = max(furthest, partial.count)
                try await retry.pause(after: failure, hasAdvanced: hasAdvanced)
            }
        }
    }

    private func fetchPiece(_ partial: PartialFile) async throws {
        let offset = partial.count
        partial.beginPiece()
        try await client.get(repository, commit, file.name, from: offset) { head in
            guard try fits(head, partial, offset: offset) else { return nil }
            return { bytes in
                try partial.append(bytes)
                try progress.report(partial.count)
            }
        }
    }

    /// Whether an answer goes on where the file ends, or gives all of it, for which the file is
    /// emptied.
    private func fits(_ head: HTTPHead, _ partial: PartialFile, offset: Int) throws -> Bool {
        switch head.status {
        case 200:
            // A page of a proxy, say: what has come before stays.
            if let length = head["content-length"], length != String(file.bytes) {
                throw partial.damaged(
                    "the server sends \(visible(length)) bytes instead of \(file.bytes)"
                )
            }
            // The server does not know ranges: all of it comes.
            if partial.count > 0 { try partial.restart() }
            return true
        case 206 where offset > 0:
            if let range = head.contentRange, range.start == offset,
                range.size == nil || range.size == file.bytes
            {
                return true
            }
            try partial.restart()
            return false
        default:
            try partial.restart()
            return false
        }
    }
}
