import Diagnostics
import Glibc
import SystemPackage

/// A file that is written under a temporary name, which nobody can guess, and appears under its
/// own name when it is whole. It is locked meanwhile, so that no other run takes it for a leftover.
/// Unless it is published it is deleted with this object.
package final class NewFile: Sendable {
    package let descriptor: FileDescriptor
    /// The temporary name.
    package let temporaryName: FilePath.Component
    private let name: FilePath.Component
    private let folder: OpenFolder

    fileprivate init(
        _ descriptor: FileDescriptor,
        _ temporaryName: FilePath.Component,
        _ name: FilePath.Component,
        _ folder: OpenFolder
    ) {
        self.descriptor = descriptor
        self.temporaryName = temporaryName
        self.name = name
        self.folder = folder
    }

    /// After publishing, the temporary name is free, so there is nothing to delete then.
    deinit {
        if isOurs { _ = try? folder.removeFile(temporaryName) }
        try? descriptor.close()
    }

    /// A path at which a child process opens this very file, whatever has its name meanwhile.
    /// It has no extension: the child must be told the format.
    package var childPath: FilePath { FilePath("/proc/\(getpid())/fd/\(descriptor.rawValue)") }

    /// Waits until the bytes are on the disk.
    ///
    /// - Throws: `Errno`.
    package func synchronize() throws(Errno) {
        guard fsync(descriptor.rawValue) == 0 else { throw Errno(rawValue: errno) }
    }

    /// - Throws: `Errno`.
    package func status() throws(Errno) -> FileStatus { try FileStatus(of: descriptor) }

    /// Gives the file its own name.
    ///
    /// - Parameters:
    ///   - replaces: whether a plain file of that name is replaced.
    ///   - isDurable: whether to wait until the bytes and the name are on the disk (fsync).
    /// - Throws: `EightCutError` when the name is taken, or by something other than a plain file.
    package func publish(replaces: Bool, isDurable: Bool = false) throws {
        let place = folder.path.appending(name)
        if let old = try folder.status(of: name) {
            guard replaces else { throw fileError("cannot write", place, .fileExists) }
            try old.requirePlainFile(place)
        }
        do {
            if isDurable, fsync(descriptor.rawValue) != 0 { throw Errno(rawValue: errno) }
            guard isOurs else { throw Errno.noSuchFileOrDirectory }
            try folder.rename(temporaryName, to: folder, as: name, replaces: replaces)
            if isDurable { _ = fsync(folder.descriptor.rawValue) }
        } catch let error as Errno {
            throw fileError("cannot write", place, error)
        }
    }

    /// Whether the temporary name still is that of this file.
    private var isOurs: Bool { folder.has(descriptor, as: temporaryName) }
}

/// A folder that is filled under a temporary name, which nobody can guess, and appears under its
/// own name when it is whole. It is locked meanwhile. Unless it is published it is deleted with this
/// object.
package final class NewFolder: Sendable {
    /// The folder, at its temporary path.
    package let folder: OpenFolder
    package let temporaryName: FilePath.Component
    private let name: FilePath.Component
    private let parent: OpenFolder

    fileprivate init(
        _ folder: OpenFolder,
        _ temporaryName: FilePath.Component,
        _ name: FilePath.Component,
        _ parent: OpenFolder
    ) {
        self.folder = folder
        self.temporaryName = temporaryName
        self.name = name
        self.parent = parent
    }

    deinit {
        if isOurs { try? parent.removeTree(temporaryName) }
    }

    /// Gives the folder its own name, which must be free or that of an empty folder.
    ///
    /// - Throws: `EightCutError` when the name is taken.
    package func publish() throws {
        do {
            guard isOurs else { throw Errno.noSuchFileOrDirectory }
            try parent.rename(temporaryName, to: parent, as: name, replaces: true)
        } catch let error as Errno {
            throw fileError("cannot write", parent.path.appending(name), error)
        }
    }

    private var isOurs: Bool { parent.has(folder.descriptor, as: temporaryName) }
}

extension OpenFolder {
    /// Whether a name here is that of an open file or folder.
    fileprivate func has(_ descriptor: FileDescriptor, as name: FilePath.Component) -> Bool {
        guard let open = try? FileStatus(of: descriptor), let named = try? status(of: name) else {
            return false
        }
        return open.identity == named.identity
    }

    /// Creates a file that will get a name when it is whole.
    ///
    /// - Parameters:
    ///   - name: the name that it will get.
    ///   - prefix: what the temporary name begins with.
    ///   - permissions: those of the file, before the umask.
    /// - Returns: the new file, empty and locked.
    /// - Throws: `EightCutError` when no file can be created here.
    package func newFile(
        for name: FilePath.Component,
        prefix: String = AtomicFile.temporaryPrefix,
        permissions: FilePermissions = .sharedFile
    ) throws -> NewFile {
        do {
            while true {
                let temporary = AtomicFile.temporaryName(for: name, prefix: prefix)
                let file = try Self.open(
                    self,
                    FilePath(root: nil, components: temporary),
                    O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW,
                    permissions: permissions
                )
                let new = NewFile(file, temporary, name, self)
                _ = flock(file.rawValue, LOCK_EX | LOCK_NB)
                // Another run may have taken it for a leftover before it was locked.
                if try FileStatus(of: file).links == 1 { return new }
            }
        } catch {
            throw fileError("cannot write", path.appending(name), error)
        }
    }

    /// Creates a folder that will get a name when it is whole.
    ///
    /// - Parameters:
    ///   - name: the name that it will get.
    ///   - prefix: what the temporary name begins with.
    ///   - permissions: those of the folder, before the umask.
    /// - Returns: the new folder, empty and locked.
    /// - Returns: the new folder, empty and locked.
    /// - Throws: `EightCutError` when no folder can be created here.
    package func newFolder(
        for name: FilePath.Component,
        prefix: String = AtomicFile.temporaryPrefix,
        permissions: FilePermissions = .sharedFolder
    ) throws -> NewFolder {
        while true {
            let temporary = AtomicFile.temporaryName(for: name, prefix: prefix)
            let folder = try createFolder(temporary, permissions: permissions)
            _ = flock(folder.descriptor.rawValue, LOCK_EX | LOCK_NB)
            if try status(of: temporary) != nil {
                return NewFolder(folder, temporary, name, self)
            }
        }
    }
}
