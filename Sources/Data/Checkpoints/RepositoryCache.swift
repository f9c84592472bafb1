import Diagnostics
import Files
import SystemPackage

/// The place of one repository in the cache, laid out as the hub's own client does it. To read,
/// paths will do; whoever writes or deletes opens `RepositoryFolders`.
struct RepositoryCache: Sendable {
    /// The cache of all repositories.
    let root: FilePath
    /// `models--organisation--name`.
    let name: String

    init(cache: FilePath, repository: String) {
        root = cache
        name = "models--" + repository.replacing(exactly: "/", with: "--")
    }

    /// The folder of the repository.
    var path: FilePath { root.appending(name) }

    /// All contents, named by their hashes.
    var blobs: FilePath { path.appending("blobs") }

    /// Where a file's content is, named by its hash.
    func blob(_ etag: String) -> FilePath { blobs.appending(etag) }

    /// The name of content while it comes. The eight digits, which other programs draw by lot, are
    /// always ours, so that it is found again after a kill.
    static func partialName(_ etag: String) -> String { etag + ".8c07f11e.incomplete" }

    /// The folder of one state.
    func snapshot(_ commit: String) -> FilePath {
        path.appending("snapshots").appending(commit)
    }

    /// The commit that `main` is; nil when that is not known.
    var mainCommit: String? {
        guard let refs = try? OpenFolder.ifPresent(path.appending("refs")) else { return nil }
        return RepositoryFolders.mainCommit(in: refs)
    }

    /// The size of a file, links followed; nil when there is no plain file.
    static func size(of path: FilePath) -> Int? {
        guard let status = FileStatus(following: path), status.kind == .file else { return nil }
        return status.bytes
    }

    /// The size of a plain file of the blobs, links not followed; nil when there is none.
    func blobSize(_ name: String) -> Int? {
        guard let folder = try? OpenFolder.ifPresent(blobs),
            let component = FilePath.Component(name),
            let status = try? folder.status(of: component), status.kind == .file
        else { return nil }
        return status.bytes
    }
}

/// The folders of one repository, held open. None of them is reached through a link, so nothing is
/// ever written or deleted outside of the cache.
struct RepositoryFolders: Sendable {
    /// The cache of all repositories, which a person has named: links on the way are followed.
    let root: OpenFolder
    /// The folder of the repository.
    let repository: OpenFolder
    private let name: FilePath.Component

    /// Opens the folder of a repository, and creates it.
    ///
    /// - Throws: `EightCutError`, also when a link has the place of one of the folders.
    static func creating(_ cache: RepositoryCache) throws -> RepositoryFolders {
        try cacheErrors {
            let root = try OpenFolder.creating(cache.root)
            let name = try component(cache.name)
            return RepositoryFolders(
                root: root,
                repository: try root.createFolder(name),
                name: name
            )
        }
    }

    /// Opens the folder of a repository.
    ///
    /// - Returns: nil when there is none.
    /// - Throws: `EightCutError`, also when a link has its place.
    static func ifPresent(_ cache: RepositoryCache) throws -> RepositoryFolders? {
        try cacheErrors {
            let name = try component(cache.name)
            guard let root = try OpenFolder.ifPresent(cache.root),
                let repository = try root.folder(name)
            else { return nil }
            return RepositoryFolders(root: root, repository: repository, name: name)
        }
    }

    private init(root: OpenFolder, repository: OpenFolder, name: FilePath.Component) {
        self.root = root
        self.repository = repository
        self.name = name
    }

    /// The folder `blobs`, `refs` or `snapshots`, created when it is missing.
    func creating(_ name: FilePath.Component) throws -> OpenFolder {
        try cacheErrors { try repository.createFolder(name) }
    }

    /// The folder of one state, created when it is missing.
    func creatingSnapshot(_ commit: String) throws -> OpenFolder {
        try cacheErrors { try creating("snapshots").createFolder(component(commit)) }
    }

    /// The folder of the locks that every program takes to download a blob, created when it is
    /// missing.
    func creatingLocks() throws -> OpenFolder {
        try cacheErrors { try root.createFolder(".locks").createFolder(name) }
    }

    /// Deletes the folders that are empty.
    func removeEmptyFolders() {
        for folder: FilePath.Component in ["blobs", "refs", "snapshots"] {
            _ = try? repository.removeFolderIfEmpty(folder)
        }
        _ = try? root.removeFolderIfEmpty(name)
        _ = try? root.folder(".locks")?.removeFolderIfEmpty(name)
    }

    /// The commit of `main` in the folder `refs`; nil when it is not known.
    static func mainCommit(in refs: OpenFolder) -> String? {
        guard let bytes = try? refs.read("main", limit: 256) else { return nil }
        let commit = trimmed(String(decoding: bytes, as: UTF8.self))
        return HubFile.isCommit(commit) ? commit : nil
    }
}

/// The links of a snapshot to its blobs.
enum SnapshotLink {
    /// Whether a snapshot has a file with the right content: a link to its blob, or a copy.
    ///
    /// - Throws: `EightCutError`, `CancellationError`.
    static func isThere(
        _ file: HubFile,
        in snapshot: OpenFolder,
        _ blobs: OpenFolder,
        _ verified: inout VerifiedBlobs
    ) throws -> Bool {
        let name = try component(file.name)
        switch try snapshot.status(of: name)?.kind {
        case .link:
            let target = FileStatus(following: snapshot.childPath.appending(name))
            let blob = try blobs.status(of: component(file.etag))
            guard let target, target.identity == blob?.identity else { return false }
            return try verified.check(file, named: file.etag, in: blobs) == .good
        case .file: return try verified.check(file, named: file.name, in: snapshot) == .good
        default: return false
        }
    }

    /// Makes a file appear in a snapshot, as a link to its blob. A wrong link is replaced.
    ///
    /// - Throws: `EightCutError`, also when something other than a link has the name: it may be
    ///   a person's.
    static func make(_ file: HubFile, in snapshot: OpenFolder) throws {
        let name = try component(file.name)
        try cacheErrors {
            if let status = try snapshot.status(of: name) {
                guard status.kind == .link else {
                    throw EightCutError(
                        .outputUnusable,
                        "cannot create the link",
                        on: snapshot.path.appending(name).string,
                        because: "\(status.kind.name) that is not the hub's is in its place",
                        remedy: "Move it away."
                    )
                }
                try snapshot.removeFile(name)
            }
            try snapshot.createLink(name, to: FilePath("../../blobs/" + file.etag))
        }
    }

    /// The hash that a link names; nil when it is no link to a blob.
    static func hash(_ name: FilePath.Component, in folder: OpenFolder) -> String? {
        guard let target = folder.linkTarget(of: name), let hash = target.lastComponent?.string,
            HubFile.isHash(hash), target.removingLastComponent().lastComponent == "blobs"
        else { return nil }
        return hash
    }
}

/// A name as a part of a path.
///
/// - Throws: `EightCutError` (`downloadDamaged`) when it would lead to another folder.
func component(_ name: String) throws -> FilePath.Component {
    guard PlainName.allows(name), let component = FilePath.Component(name) else {
        throw EightCutError(
            .downloadDamaged,
            "cannot use the name",
            on: name,
            because: "it is not the plain name of a file"
        )
    }
    return component
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
        // What is in the way has a remedy of its own.
        case .outputUnusable where error.remedy?.utf8.starts(with: "Move it away".utf8) != true:
            "Choose another place for \(name)."
        default: error.remedy
        }
    return error.advising(remedy)
}
