import Diagnostics
import Glibc
import SystemPackage

/// A folder that is held open. What is in it is reached by name from the handle, so that a folder
/// that is moved or replaced meanwhile cannot lead elsewhere. Names that are ours are never
/// followed through links, and no read waits for a pipe or a device.
package final class OpenFolder: Sendable {
    /// Where it was opened, for messages and for children.
    package let path: FilePath
    let descriptor: FileDescriptor

    fileprivate init(_ descriptor: FileDescriptor, _ path: FilePath) {
        self.descriptor = descriptor
        self.path = path
    }

    /// Opens a folder that a person named; links on the way are followed.
    ///
    /// - Throws: `EightCutError` when it is missing, no folder, or not readable.
    package convenience init(_ path: FilePath) throws {
        do {
            self.init(try Self.open(nil, path, O_RDONLY | O_DIRECTORY), path)
        } catch {
            throw fileError("cannot open the folder", path, error)
        }
    }

    /// Opens a folder that a person named.
    ///
    /// - Returns: nil when nothing is there.
    /// - Throws: `EightCutError` when it is no folder, or not readable.
    package static func ifPresent(_ path: FilePath) throws -> OpenFolder? {
        do {
            return OpenFolder(try open(nil, path, O_RDONLY | O_DIRECTORY), path)
        } catch .noSuchFileOrDirectory {
            return nil
        } catch {
            throw fileError("cannot open the folder", path, error)
        }
    }

    /// Opens a folder; creates it and its parents as far as they are missing.
    ///
    /// - Throws: `EightCutError` naming the folder that could not be created or opened.
    package static func creating(
        _ path: FilePath,
        permissions: FilePermissions = .sharedFolder
    ) throws -> OpenFolder {
        try Folder.create(path, permissions: permissions)
        return try OpenFolder(path)
    }

    deinit {
        try? descriptor.close()
    }

    /// A path that leads a child process into this very folder, wherever it has been moved.
    package var childPath: FilePath {
        FilePath("/proc/\(getpid())/fd/\(descriptor.rawValue)")
    }

    /// Whether the path that it was opened at still leads to it.
    package var isStillThere: Bool {
        guard let here = try? FileStatus(of: descriptor) else { return false }
        return FileStatus(following: path)?.identity == here.identity
    }

    /// Makes sure that the path that it was opened at still leads to it.
    ///
    /// - Throws: `EightCutError` (`outputUnusable`) when the folder was moved or replaced.
    package func requireStillThere() throws {
        guard !isStillThere else { return }
        throw EightCutError(
            .outputUnusable,
            "cannot finish in",
            on: path.string,
            because: "the folder was moved, deleted or replaced meanwhile",
            remedy: "Put the folder back and run the same command again."
        )
    }

    /// Makes sure that files may be written into it, as far as permissions and a disk that is read-only
    /// say it before any is.
    ///
    /// - Parameter name: of the file that will be, for the message.
    /// - Throws: `EightCutError` (`outputUnusable`).
    package func requireWritable(for name: FilePath.Component) throws {
        guard faccessat(descriptor.rawValue, ".", W_OK | X_OK, AT_EACCESS) != 0 else { return }
        throw fileError("cannot write", path.appending(name), Errno(rawValue: errno))
    }

    /// - Throws: `Errno`.
    package func status() throws(Errno) -> FileStatus { try FileStatus(of: descriptor) }

    // MARK: - Entries

    /// What has a name in this folder, links not followed.
    ///
    /// - Returns: nil when nothing has it.
    /// - Throws: `EightCutError`.
    package func status(of name: FilePath.Component) throws -> FileStatus? {
        var info = stat()
        let result = name.withPlatformString {
            fstatat(descriptor.rawValue, $0, &info, AT_SYMLINK_NOFOLLOW)
        }
        if result == 0 { return FileStatus(info) }
        if errno == ENOENT { return nil }
        throw fileError("cannot read", path.appending(name), Errno(rawValue: errno))
    }

    /// The names in the folder, sorted by their bytes, without `.` and `..`.
    ///
    /// - Throws: `EightCutError` when the folder cannot be read.
    package func names() throws -> [FilePath.Component] {
        let failure = { fileError("cannot read the folder", self.path, Errno(rawValue: errno)) }
        // Another open folder has a position of its own.
        let own = openat(descriptor.rawValue, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard own >= 0 else { throw failure() }
        guard let handle = fdopendir(own) else {
            defer { close(own) }
            throw failure()
        }
        defer { closedir(handle) }
        var names: [FilePath.Component] = []
        errno = 0
        while let entry = readdir(handle) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CInterop.PlatformChar.self, capacity: 256) {
                    FilePath.Component(platformString: $0)
                }
            }
            if let name, name.kind == .regular { names.append(name) }
        }
        guard errno == 0 else { throw failure() }
        return names.sorted { $0.string.utf8.lexicographicallyPrecedes($1.string.utf8) }
    }

    /// A folder in this one, never through a link.
    ///
    /// - Returns: nil when nothing has the name.
    /// - Throws: `EightCutError` when it is no folder, or not readable.
    package func folder(_ name: FilePath.Component) throws -> OpenFolder? {
        do {
            return OpenFolder(try openFolder(name), path.appending(name))
        } catch .noSuchFileOrDirectory {
            return nil
        } catch {
            throw try folderError(name, error)
        }
    }

    /// A folder in this one, created when it is missing, never through a link.
    ///
    /// - Throws: `EightCutError` when it is no folder, not writable, or a link.
    package func createFolder(
        _ name: FilePath.Component,
        permissions: FilePermissions = .sharedFolder
    ) throws -> OpenFolder {
        let result = name.withPlatformString {
            mkdirat(descriptor.rawValue, $0, permissions.rawValue)
        }
        guard result == 0 || errno == EEXIST else {
            throw fileError(
                "cannot create the folder",
                path.appending(name),
                Errno(rawValue: errno)
            )
        }
        do {
            return OpenFolder(try openFolder(name), path.appending(name))
        } catch {
            throw try folderError(name, error)
        }
    }

    private func openFolder(_ name: FilePath.Component) throws(Errno) -> FileDescriptor {
        try Self.open(
            self,
            FilePath(root: nil, components: name),
            O_RDONLY | O_DIRECTORY | O_NOFOLLOW
        )
    }

    /// The error of a name that is to be a folder.
    private func folderError(_ name: FilePath.Component, _ error: Errno) throws -> EightCutError {
        let place = path.appending(name)
        guard let kind = try status(of: name)?.kind, kind != .folder else {
            return fileError("cannot open the folder", place, error)
        }
        return EightCutError(
            .outputUnusable,
            "cannot use",
            on: place.string,
            because: "it is \(kind.name), not a folder",
            remedy: "Move it away; 8cut only uses a folder of its own there."
        )
    }

    // MARK: - Reading

    /// Opens a plain file to read it, never through a link. Pipes and devices are not waited for.
    ///
    /// - Returns: nil when nothing has the name.
    /// - Throws: `EightCutError` when it is no plain file, or not readable.
    package func open(_ name: FilePath.Component) throws -> FileDescriptor? {
        try openPlain(name, O_RDONLY | O_NONBLOCK, isWritten: false)
    }

    /// Opens a plain file of one name to append to it, never through a link.
    ///
    /// - Returns: nil when nothing has the name.
    /// - Throws: `EightCutError` when it is no plain file, has other names, or is not writable.
    package func openForAppending(_ name: FilePath.Component) throws -> FileDescriptor? {
        try openPlain(name, O_RDWR | O_APPEND | O_NONBLOCK, isWritten: true)
    }

    /// All bytes of a plain file, never through a link.
    ///
    /// - Returns: nil when nothing has the name.
    /// - Throws: `EightCutError` when it is no plain file, has more bytes than the limit, or cannot
    ///   be read.
    package func read(_ name: FilePath.Component, limit: Int) throws -> [UInt8]? {
        guard let file = try open(name) else { return nil }
        let place = path.appending(name)
        do {
            return try file.closeAfter { try SmallFile.read(file, limit: limit) }
        } catch Errno.fileTooLarge {
            throw EightCutError(
                .inputUnusable,
                "cannot read",
                on: place.string,
                because: "it has more than \(ByteCount.approximate(limit))"
            )
        } catch let error as Errno {
            throw fileError("cannot read", place, error)
        }
    }

    private func openPlain(
        _ name: FilePath.Component,
        _ flags: Int32,
        isWritten: Bool
    ) throws -> FileDescriptor? {
        let place = path.appending(name)
        do {
            let file = try Self.open(
                self,
                FilePath(root: nil, components: name),
                flags | O_NOFOLLOW
            )
            do {
                try FileStatus(of: file).requirePlainFile(place, isWritten: isWritten)
                return file
            } catch {
                try? file.close()
                throw error
            }
        } catch Errno.noSuchFileOrDirectory {
            return nil
        } catch let error as Errno {
            try status(of: name)?.requirePlainFile(place)
            throw fileError(isWritten ? "cannot write" : "cannot read", place, error)
        }
    }

    static func open(
        _ folder: OpenFolder?,
        _ path: FilePath,
        _ flags: Int32,
        permissions: FilePermissions = []
    ) throws(Errno) -> FileDescriptor {
        let number = path.withPlatformString {
            openat(
                folder?.descriptor.rawValue ?? AT_FDCWD,
                $0,
                flags | O_CLOEXEC,
                permissions.rawValue
            )
        }
        guard number >= 0 else { throw Errno(rawValue: errno) }
        return FileDescriptor(rawValue: number)
    }
}
