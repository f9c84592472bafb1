import Glibc
import SystemPackage

/// What is done to a folder with all that is in it. Links are never followed.
package enum FolderTree {
    /// Bytes that a folder takes up on disk; a file with several names counts once.
    ///
    /// - Returns: what can be read of it, 0 when it is not there.
    package static func sizeOnDisk(_ path: FilePath) -> Int {
        var seen: Set<FileIdentity> = []
        return size(path, &seen)
    }

    /// Deletes a folder, one name in it last of all.
    ///
    /// - Parameters:
    ///   - path: the folder; nothing happens when it is not there.
    ///   - last: a file in it by which an unfinished deletion is recognised.
    ///   - deadline: when to stop; nil takes as long as it takes.
    /// - Throws: `Errno`, which is `timedOut` when the deadline has passed.
    package static func remove(
        _ path: FilePath,
        last: String,
        until deadline: ContinuousClock.Instant? = nil
    ) throws {
        for name in try names(path) where name != last {
            try remove(path.appending(name), until: deadline)
        }
        try remove(path.appending(last))
        try remove(path)
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

    /// Deletes a folder or file; nothing happens when it is not there.
    ///
    /// - Parameters:
    ///   - path: the folder or file.
    ///   - deadline: when to stop; nil takes as long as it takes.
    /// - Throws: `Errno`, which is `timedOut` when the deadline has passed.
    package static func remove(_ path: FilePath, until deadline: ContinuousClock.Instant? = nil)
        throws
    {
        if let deadline, deadline < .now { throw Errno.timedOut }
        guard let info = info(path) else { return }
        guard info.st_mode & S_IFMT == S_IFDIR else {
            guard unlink(path.string) == 0 || errno == ENOENT else { throw Errno(rawValue: errno) }
            return
        }
        // A process that has just been killed may have made one more file meanwhile.
        for attempt in 0..<5 {
            for name in try names(path) {
                try remove(path.appending(name), until: deadline)
            }
            if rmdir(path.string) == 0 || errno == ENOENT { return }
            guard errno == ENOTEMPTY, attempt < 4 else { throw Errno(rawValue: errno) }
            usleep(50_000)
        }
    }

    private static func names(_ path: FilePath) throws -> [String] {
        guard info(path) != nil else { return [] }
        return try Folder.names(in: path)
    }

    private static func info(_ path: FilePath) -> stat? {
        var info = stat()
        return lstat(path.string, &info) == 0 ? info : nil
    }
}
