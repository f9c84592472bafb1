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
        let name = "models--" + repository.replacing("/", with: "--")
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

    /// The file that says which commit `main` is.
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

    /// Says which commit `main` is.
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
