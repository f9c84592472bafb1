import Diagnostics
import Glibc
import SystemPackage

extension OpenFolder {
    /// Writes or replaces a plain file. It appears whole or not at all.
    ///
    /// - Parameters:
    ///   - bytes: the content.
    ///   - name: the name of the file.
    ///   - permissions: those of the file, before the umask.
    ///   - isDurable: whether to wait until the bytes are on the disk (fsync).
    /// - Throws: `EightCutError`; an old file is then unchanged.
    package func write(
        _ bytes: UnsafeRawBufferPointer,
        to name: FilePath.Component,
        permissions: FilePermissions = .sharedFile,
        isDurable: Bool = false
    ) throws {
        try write(to: name, permissions: permissions, isDurable: isDurable) {
            _ = try $0.writeAll(bytes)
        }
    }

    /// Writes or replaces a plain text file.
    package func write(
        _ text: String,
        to name: FilePath.Component,
        permissions: FilePermissions = .sharedFile,
        isDurable: Bool = false
    ) throws {
        var text = text
        try text.withUTF8 {
            try write(
                UnsafeRawBufferPointer($0),
                to: name,
                permissions: permissions,
                isDurable: isDurable
            )
        }
    }

    /// Writes or replaces a plain file with the bytes that `body` writes.
    package func write(
        to name: FilePath.Component,
        permissions: FilePermissions = .sharedFile,
        isDurable: Bool = false,
        body: (FileDescriptor) throws -> Void
    ) throws {
        let file = try newFile(for: name, permissions: permissions)
        do {
            try body(file.descriptor)
        } catch let error as Errno {
            throw fileError("cannot write", path.appending(name), error)
        }
        try file.publish(replaces: true, isDurable: isDurable)
    }

    /// Renames what has a name, whatever it is.
    ///
    /// - Parameters:
    ///   - name: the old name, in this folder.
    ///   - folder: where it goes; on the same file system.
    ///   - newName: the new name there.
    ///   - replaces: whether a plain file, or an empty folder for a folder, may be replaced.
    /// - Throws: `Errno`; `fileExists` when the new name is taken.
    package func rename(
        _ name: FilePath.Component,
        to folder: OpenFolder,
        as newName: FilePath.Component,
        replaces: Bool
    ) throws(Errno) {
        let isFolder = (try? status(of: name))??.kind == .folder
        if !replaces, !isFolder {
            // A new link fails where the name is taken, in one step; a folder fails unless what is
            // there is an empty folder.
            let result = name.withPlatformString { old in
                newName.withPlatformString { new in
                    linkat(descriptor.rawValue, old, folder.descriptor.rawValue, new, 0)
                }
            }
            if result == 0 {
                _ = try? removeFile(name)
                return
            }
            // Some file systems have no links.
            guard errno != EEXIST, (try? folder.status(of: newName)) == .some(nil) else {
                throw .fileExists
            }
        }
        let result = name.withPlatformString { old in
            newName.withPlatformString { new in
                renameat(descriptor.rawValue, old, folder.descriptor.rawValue, new)
            }
        }
        guard result == 0 else { throw Errno(rawValue: errno) }
    }

    /// Deletes a file, or a link itself.
    ///
    /// - Returns: false when nothing has the name.
    /// - Throws: `EightCutError` when it is a folder, or cannot be deleted.
    @discardableResult
    package func removeFile(_ name: FilePath.Component) throws -> Bool {
        let result = name.withPlatformString { unlinkat(descriptor.rawValue, $0, 0) }
        if result == 0 { return true }
        if errno == ENOENT { return false }
        throw fileError("cannot delete", path.appending(name), Errno(rawValue: errno))
    }

    /// Deletes a folder in this one if it is empty.
    ///
    /// - Returns: whether it is gone.
    /// - Throws: `EightCutError` when it is empty and cannot be deleted, or no folder.
    @discardableResult
    package func removeFolderIfEmpty(_ name: FilePath.Component) throws -> Bool {
        let result = name.withPlatformString { unlinkat(descriptor.rawValue, $0, AT_REMOVEDIR) }
        if result == 0 || errno == ENOENT { return true }
        if errno == ENOTEMPTY || errno == EEXIST { return false }
        throw fileError("cannot delete", path.appending(name), Errno(rawValue: errno))
    }

    /// Deletes the plain files that are ours in a folder in this one, and then the folder, if
    /// nothing else is in it. A link in the place of the folder is not entered.
    ///
    /// - Parameters:
    ///   - name: the name of the folder.
    ///   - isOurs: whether a file is ours by its name.
    /// - Returns: the names of what was left in it; empty when the folder is gone.
    /// - Throws: `EightCutError` when the folder cannot be read or a file cannot be deleted.
    @discardableResult
    package func removeFolder(
        _ name: FilePath.Component,
        ours isOurs: (FilePath.Component) -> Bool
    ) throws -> [FilePath.Component] {
        guard let inner = try folder(name) else { return [] }
        for name in try inner.names() where isOurs(name) {
            if try inner.status(of: name)?.kind == .file { try inner.removeFile(name) }
        }
        return try removeFolderIfEmpty(name) ? [] : try inner.names()
    }

    /// Deletes a file, or a folder with all that is in it. Only for folders that this run has made,
    /// and for the environment of the ML tools. Links are deleted, never followed.
    ///
    /// - Parameters:
    ///   - name: its name.
    ///   - last: the file in it that marks an unfinished deletion, which goes last.
    ///   - deadline: when to stop; nil for no limit.
    /// - Throws: `Errno`; `timedOut` when the deadline has passed.
    package func removeTree(
        _ name: FilePath.Component,
        last: FilePath.Component? = nil,
        until deadline: ContinuousClock.Instant? = nil
    ) throws {
        if let deadline, deadline < .now { throw Errno.timedOut }
        let unlinked = name.withPlatformString { unlinkat(descriptor.rawValue, $0, 0) }
        if unlinked == 0 || errno == ENOENT { return }
        guard errno == EISDIR || errno == EPERM else { throw Errno(rawValue: errno) }
        guard let inner = try folder(name) else { return }
        // A process that was just killed may have created one more file meanwhile.
        for attempt in 0..<5 {
            for child in try inner.names() where child != last {
                try inner.removeTree(child, until: deadline)
            }
            if let last { try inner.removeTree(last) }
            let removed = name.withPlatformString {
                unlinkat(descriptor.rawValue, $0, AT_REMOVEDIR)
            }
            if removed == 0 || errno == ENOENT { return }
            guard errno == ENOTEMPTY, attempt < 4 else { throw Errno(rawValue: errno) }
            usleep(50_000)
        }
    }

    /// Deletes the temporary files that killed runs left in the folder. Those of runs that still
    /// work are locked, and stay. Temporary folders go with the files in them that are ours.
    ///
    /// - Parameter isOurs: whether a file in a temporary folder is ours by its name.
    /// - Throws: `EightCutError` when the folder cannot be read.
    package func removeStaleTemporaries(
        ours isOurs: (FilePath.Component) -> Bool = { _ in false }
    ) throws {
        for name in try names() where AtomicFile.isTemporary(name) {
            // Links are not ours: we never make any under such a name.
            guard let kind = try status(of: name)?.kind, kind == .file || kind == .folder else {
                continue
            }
            let flags = O_RDONLY | O_NONBLOCK | O_NOFOLLOW
            guard let file = try? Self.open(self, FilePath(root: nil, components: name), flags)
            else {
                continue
            }
            defer { try? file.close() }
            guard flock(file.rawValue, LOCK_EX | LOCK_NB) == 0 else { continue }
            // Failing to tidy up is no reason to fail what the user asked for.
            if kind == .file {
                _ = try? removeFile(name)
            } else {
                _ = try? removeFolder(name) { isOurs($0) || AtomicFile.isTemporary($0) }
            }
        }
    }
}

extension FilePermissions {
    /// A file that everybody may read (0644).
    package static let sharedFile: FilePermissions = [.ownerReadWrite, .groupRead, .otherRead]
    /// A file of its owner alone (0600).
    package static let privateFile: FilePermissions = .ownerReadWrite
    /// A folder of its owner alone (0700).
    package static let privateFolder: FilePermissions = .ownerReadWriteExecute
    /// A folder whose permissions the umask decides.
    package static let sharedFolder: FilePermissions = [
        .ownerReadWriteExecute, .groupReadWriteExecute, .otherReadWriteExecute,
    ]
}
