import Diagnostics
import Files
import Glibc
import SystemPackage
import Transfers

/// Downloads the content of one file into the cache, unless it is there.
struct BlobDownload {
    let repository: String
    let commit: String
    let file: HubFile
    let folders: RepositoryFolders
    let client: HubClient
    let progress: ByteProgress

    /// - Parameter verified: what is known of the contents that are there; those that come are
    ///   noted.
    /// - Throws: `EightCutError`; what was downloaded is then kept, unless it is damaged.
    func run(_ verified: inout VerifiedBlobs) async throws {
        let blobs = try folders.creating("blobs")
        let locks = try folders.creatingLocks()
        let lock = try await CacheLock.take(file.etag + ".lock", in: locks) {
            client.note("waiting for another program that downloads \(file.name)")
        }
        defer { withExtendedLifetime(lock) {} }
        let name = try component(file.etag)
        switch try verified.check(file, named: file.etag, in: blobs) {
        case .good: return try progress.finishFile(file.bytes)
        case .missing: break
        case .wrong:
            client.note("\(file.name) in the cache is not the hub's; downloading it")
            _ = try cacheErrors { try blobs.removeFile(name) }
        }
        let partialName = try component(RepositoryCache.partialName(file.etag))
        try await fetch(partialName, in: blobs)
        do {
            try blobs.rename(partialName, to: blobs, as: name, replaces: true)
        } catch {
            throw cacheError("cannot write", blobs.path.appending(name), error)
        }
        try verified.note(file, in: blobs)
        try progress.finishFile(file.bytes)
    }

    /// Fills the partial file until its hash is right. Where pieces were put together, one more
    /// time from the start.
    private func fetch(_ name: FilePath.Component, in blobs: OpenFolder) async throws {
        let partial = try PartialFile(name, in: blobs, of: file)
        while true {
            try await fill(partial)
            if try partial.isWhole() { return }
            guard partial.isPatched else {
                try blobs.removeFile(name)
                throw partial.damaged("its hash is not the one that the server gave, \(file.etag)")
            }
            client.note("\(file.name) is damaged; downloading it again from the start")
            try partial.restart()
            try progress.report(partial.count)
        }
    }

    private func fill(_ partial: PartialFile) async throws {
        try progress.report(partial.count)
        var retry = Retry(note: client.note)
        var mark = partial.count
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
                        remedy: "Run the same command again: what was downloaded is kept."
                    )
                )
            } catch let failure as TransferFailure {
                // Starting over from the first byte, again and again, is no advance, and neither is
                // a byte of each connection.
                let hasAdvanced = partial.count - mark >= Retry.leastAdvance
                if hasAdvanced { mark = partial.count }
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
            // For example the page of a proxy: what was downloaded before stays.
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

/// A file that is being downloaded, and the digest of its content.
package final class PartialFile {
    /// How many bytes are there.
    package private(set) var count = 0
    /// Whether a part of it was there before this process asked for the rest, or it came in more
    /// than one piece: then a wrong hash may be due to that.
    package private(set) var isPatched = false

    private let path: FilePath
    private let file: HubFile
    private let descriptor: FileDescriptor
    private var digest: Digest

    /// Opens the file, or creates it, and reads what it holds.
    ///
    /// - Throws: `EightCutError`, also when it is no plain file; or `CancellationError`.
    package init(_ name: FilePath.Component, in folder: OpenFolder, of file: HubFile) throws {
        path = folder.path.appending(name)
        self.file = file
        digest = file.makeDigest()
        descriptor = try cacheErrors { try folder.openOrCreate(name) }
        try readContent()
        isPatched = count > 0
        if count > file.bytes { try restart() }
    }

    deinit {
        try? descriptor.close()
    }

    private func readContent() throws {
        do {
            try digest.update(reading: descriptor) { count += $0 }
        } catch let error as Errno {
            throw cacheError("cannot read", path, error)
        }
    }

    /// Adds the next bytes.
    ///
    /// - Throws: `EightCutError` when the disk is full, or when there are more bytes than the
    ///   file has.
    package func append(_ bytes: UnsafeRawBufferPointer) throws {
        guard bytes.count <= file.bytes - count else {
            try restart()
            throw damaged("the server sends more than the \(file.bytes) bytes that it announced")
        }
        do {
            // After a write that failed in the middle the digest does not cover the end of the
            // file; the next run reads all of it.
            try descriptor.writeAll(bytes)
        } catch let error as Errno {
            throw cacheError("cannot write", path, error)
        }
        digest.update(bytes)
        count += bytes.count
    }

    /// Notes that what comes next is another piece.
    package func beginPiece() {
        if count > 0 { isPatched = true }
    }

    /// Throws away what is there.
    package func restart() throws {
        guard ftruncate(descriptor.rawValue, 0) == 0,
            lseek(descriptor.rawValue, 0, SEEK_SET) == 0
        else { throw cacheError("cannot write", path, Errno(rawValue: errno)) }
        digest = file.makeDigest()
        count = 0
        isPatched = false
    }

    /// Whether the file is complete and has the hash that the server gave. Then it is flushed to
    /// the disk.
    package func isWhole() throws -> Bool {
        guard count == file.bytes, digest.finish() == file.etag else { return false }
        guard fsync(descriptor.rawValue) == 0 else {
            throw cacheError("cannot write", path, Errno(rawValue: errno))
        }
        return true
    }

    /// The error for content that is not what the server announced.
    package func damaged(_ why: String) -> EightCutError {
        EightCutError(
            .downloadDamaged,
            "cannot download",
            on: file.name,
            because: why,
            remedy: "Run the same command again; if that does not help, a server or a proxy "
                + "between changes the file."
        )
    }
}
