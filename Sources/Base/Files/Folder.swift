import Diagnostics
import Glibc
import SystemPackage

/// Queries and operations on folders.
package enum Folder {
    package enum Kind: Sendable {
        case missing, folder, file, other
    }

    /// The kind of file at `path`, with links followed.
    ///
    /// - Throws: `Errno` when `stat` fails, but not because the file is missing.
    package static func kind(of path: FilePath) throws(Errno) -> Kind {
        var info = stat()
        guard stat(path.string, &info) == 0 else {
            if errno == ENOENT || errno == ENOTDIR { return .missing }
            throw Errno(rawValue: errno)
        }
        switch info.st_mode & S_IFMT {
        case S_IFDIR: return .folder
        case S_IFREG: return .file
        default: return .other
        }
    }

    /// Creates the folder and its parents, as far as they are missing.
    ///
    /// - Throws: `EightCutError` naming the folder that could not be created.
    package static func create(
        _ path: FilePath,
        permissions: FilePermissions = .sharedFolder
    ) throws {
        let mkdir = { (path: FilePath) in
            path.withPlatformString { Glibc.mkdir($0, permissions.rawValue) }
        }
        if mkdir(path) == 0 { return }
        switch errno {
        case EEXIST: return
        case ENOENT where path.removingLastComponent() != path:
            try create(path.removingLastComponent())
            guard mkdir(path) == 0 || errno == EEXIST else {
                throw fileError("cannot create the folder", path, Errno(rawValue: errno))
            }
        case let number:
            throw fileError("cannot create the folder", path, Errno(rawValue: number))
        }
    }

    /// The names in a folder, sorted, without `.` and `..`.
    ///
    /// - Throws: `EightCutError` when the folder cannot be read.
    package static func names(in path: FilePath) throws -> [String] {
        try OpenFolder(path).names().map(\.string)
    }

    /// Deletes temporary files that killed runs left in a folder: `OpenFolder.removeStaleTemporaries`.
    package static func removeStaleTemporaries(in path: FilePath) throws {
        try OpenFolder(path).removeStaleTemporaries()
    }
}

extension FilePath {
    /// The absolute path; links and `..` are not resolved.
    package var absolute: FilePath {
        guard isRelative else { return self }
        guard let buffer = getcwd(nil, 0) else { return self }
        defer { free(buffer) }
        return FilePath(platformString: buffer).pushing(self)
    }
}

/// Recursive operations on folders. Links are never followed.
package enum FolderTree {
    /// Bytes that a folder uses on disk; a file with several hard links counts once.
    ///
    /// - Returns: the size of all that can be read; 0 when the folder is missing.
    package static func sizeOnDisk(_ path: FilePath) -> Int {
        var seen: Set<FileIdentity> = []
        return size(path, &seen)
    }

    /// Deletes a folder if it exists, one of its files last.
    ///
    /// - Parameters:
    ///   - path: the folder.
    ///   - last: the file that marks an unfinished deletion.
    ///   - deadline: when to stop; nil for no limit.
    /// - Throws: `Errno`; `timedOut` when the deadline has passed.
    package static func remove(
        _ path: FilePath,
        last: String,
        until deadline: ContinuousClock.Instant? = nil
    ) throws {
        guard let name = path.lastComponent,
            let last = FilePath.Component(last),
            let parent = try OpenFolder.ifPresent(path.absolute.removingLastComponent())
        else { return }
        try parent.removeTree(name, last: last, until: deadline)
    }

    private struct FileIdentity: Hashable {
        let device: dev_t
        let number: ino_t
    }

    private static func size(_ path: FilePath, _ seen: inout Set<FileIdentity>) -> Int {
        guard let info = info(path) else { return 0 }
        var total = Int(info.st_blocks) * 512
        if info.st_mode & S_IFMT == S_IFDIR {
            for name in (try? Folder.names(in: path)) ?? [] {
                total += size(path.appending(name), &seen)
            }
        } else if info.st_nlink > 1 {
            let identity = FileIdentity(device: info.st_dev, number: info.st_ino)
            if !seen.insert(identity).inserted { return 0 }
        }
        return total
    }

    /// Deletes a folder or file if it exists.
    ///
    /// - Parameters:
    ///   - path: the folder or file.
    ///   - deadline: when to stop; nil for no limit.
    /// - Throws: `Errno`; `timedOut` when the deadline has passed.
    package static func remove(_ path: FilePath, until deadline: ContinuousClock.Instant? = nil)
        throws
    {
        guard let name = path.lastComponent,
            let parent = try OpenFolder.ifPresent(path.absolute.removingLastComponent())
        else { return }
        try parent.removeTree(name, until: deadline)
    }

    private static func info(_ path: FilePath) -> stat? {
        var info = stat()
        return lstat(path.string, &info) == 0 ? info : nil
    }
}

/// Checks file names from outside (checkpoint indexes, servers) before paths are made of them.
package enum PlainName {
    /// Whether a name has only ASCII letters, digits and `-._`, so that it stays in its folder.
    package static func allows(_ name: String) -> Bool {
        !name.isEmpty && !name.hasPrefix(exactly: ".") && name.utf8.count < 200
            && name.utf8.allSatisfy {
                (0x30...0x39).contains($0) || (0x41...0x5a).contains($0)
                    || (0x61...0x7a).contains($0) || [0x2d, 0x2e, 0x5f].contains($0)
            }
    }
}
