import Diagnostics
import Files
import Glibc
import SystemPackage

/// The place of one repository in the cache, laid out as the hub's own client does it.
struct RepositoryCache: Sendable {
    /// `models--organisation--name`.
    let path: FilePath
    /// Where the locks of its blobs are.
    let locks: FilePath

    init(cache: FilePath, repository: String) {
        let name = "models--" + repository.replacing(exactly: "/", with: "--")
        path = cache.appending(name)
        locks = cache.appending(".locks").appending(name)
    }

    /// Where a file's content is, named by its hash.
    func blob(_ etag: String) -> FilePath { path.appending("blobs").appending(etag) }

    /// Where content is while it comes. The eight digits, which other programs draw by lot, are
    /// always ours, so that it is found again after a kill.
    func partial(_ etag: String) -> FilePath { blob(etag + ".8c07f11e.incomplete") }

    /// The lock that every program takes to download a blob.
    func lock(_ etag: String) -> FilePath { locks.appending(etag + ".lock") }

    /// All states of the repository.
    var snapshots: FilePath { path.appending("snapshots") }

    /// The folder of one state.
    func snapshot(_ commit: String) -> FilePath { snapshots.appending(commit) }

    /// The file that has the commit of `main`.
    var mainReference: FilePath { path.appending("refs").appending("main") }

    /// The commit that `main` is; nil when that is not known.
    var mainCommit: String? {
        guard let bytes = try? SmallFile.read(mainReference, limit: 256) else { return nil }
        let commit = trimmed(String(decoding: bytes, as: UTF8.self))
        return HubFile.isCommit(commit) ? commit : nil
    }

    /// Makes a file appear in a snapshot, as a link to its blob.
    ///
    /// - Throws: `EightCutError`.
    func link(_ file: HubFile, in commit: String) throws {
        let folder = snapshot(commit)
        try cacheErrors { try Folder.create(folder) }
        let place = folder.appending(file.name)
        let target = "../../blobs/" + file.etag
        let temporary = AtomicFile.temporaryPath(for: place)
        unlink(temporary.string)
        guard symlink(target, temporary.string) == 0 else {
            throw cacheError("cannot make the link", place, Errno(rawValue: errno))
        }
        do {
            try AtomicFile.rename(temporary, to: place)
        } catch {
            unlink(temporary.string)
            throw cacheError("cannot make the link", place, error)
        }
    }

    /// Writes the commit of `main`.
    func setMain(_ commit: String) throws {
        try cacheErrors {
            try Folder.create(mainReference.removingLastComponent())
            try AtomicFile.write(commit, to: mainReference)
        }
    }

    /// The size of a file, links followed; nil when there is no regular file.
    static func size(of path: FilePath) -> Int? {
        var info = stat()
        guard stat(path.string, &info) == 0, info.st_mode & S_IFMT == S_IFREG else { return nil }
        return Int(info.st_size)
    }

    /// The hash that a link in a snapshot names; nil when it is no link to a blob of ours.
    static func linkedHash(_ path: FilePath) -> String? {
        var buffer = [CChar](repeating: 0, count: 4096)
        let count = readlink(path.string, &buffer, buffer.count - 1)
        guard count > 0 else { return nil }
        let target = FilePath(platformString: buffer)
        guard let name = target.lastComponent?.string, HubFile.isHash(name),
            target.removingLastComponent().lastComponent?.string == "blobs"
        else { return nil }
        return name
    }
}

/// An error of the system in the cache, with a remedy.
func cacheError(_ what: String, _ path: FilePath, _ error: Errno) -> EightCutError {
    forCache(fileError(what, path, error))
}

/// Gives errors of files in the cache a remedy that fits: no option names it.
func cacheErrors<Value>(_ body: () throws -> Value) throws -> Value {
    do {
        return try body()
    } catch let error as EightCutError {
        throw forCache(error)
    }
}

/// Gives errors of files in the program's own folder a remedy that fits.
func homeErrors<Value>(_ body: () throws -> Value) throws -> Value {
    do {
        return try body()
    } catch let error as EightCutError {
        throw forPlace(error, named: "the program's own files with EIGHTCUT_HOME")
    }
}

private func forCache(_ error: EightCutError) -> EightCutError {
    forPlace(error, named: "the cache with HF_HOME")
}

private func forPlace(_ error: EightCutError, named name: String) -> EightCutError {
    let remedy: String? =
        switch error.code {
        case .inputOutput where error.remedy != nil:
            "Free some disk space and run the same command again: what was downloaded is kept."
        case .outputUnusable: "Choose another place for \(name)."
        default: error.remedy
        }
    return error.advising(remedy)
}

/// A lock that the system releases when the process ends: the same kind that the hub's own
/// client takes.
final class CacheLock: Sendable {
    private let descriptor: Int32

    private init(descriptor: Int32) {
        self.descriptor = descriptor
    }

    deinit {
        close(descriptor)
    }

    /// Waits for the lock and takes it.
    ///
    /// - Parameters:
    ///   - path: the lock's file; it is made, and the folders above it.
    ///   - onWait: called once when somebody else holds it.
    /// - Returns: the lock, which is held as long as the value lives.
    /// - Throws: `CancellationError`, or `EightCutError` when the file cannot be made.
    static func take(_ path: FilePath, onWait: () -> Void) async throws -> CacheLock {
        var hasWaited = false
        while true {
            if let lock = try takeNow(path) { return lock }
            if !hasWaited { onWait() }
            hasWaited = true
            try await Task.sleep(for: .milliseconds(100))
        }
    }

    /// Takes the lock; nil when somebody else holds it.
    static func takeNow(_ path: FilePath) throws -> CacheLock? {
        try cacheErrors { try Folder.create(path.removingLastComponent()) }
        let descriptor = open(path.string, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else {
            throw cacheError("cannot open the lock", path, Errno(rawValue: errno))
        }
        let lock = CacheLock(descriptor: descriptor)
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let number = errno
            if number == EWOULDBLOCK || number == EINTR { return nil }
            throw cacheError("cannot lock", path, Errno(rawValue: number))
        }
        // Some programs delete the file when they are done: then it is not the one that the
        // next one will lock.
        var ours = stat()
        var current = stat()
        guard fstat(descriptor, &ours) == 0, stat(path.string, &current) == 0,
            ours.st_ino == current.st_ino, ours.st_dev == current.st_dev
        else { return nil }
        return lock
    }
}
