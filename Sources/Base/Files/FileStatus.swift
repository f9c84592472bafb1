import Diagnostics
import Glibc
import SystemPackage

/// What is known of a file without opening it.
package struct FileStatus: Sendable, Equatable {
    package enum Kind: Sendable {
        case file, folder, link, pipe, device, socket

        /// The kind in a sentence: "it is a symbolic link".
        package var name: String {
            switch self {
            case .file: "a file"
            case .folder: "a folder"
            case .link: "a symbolic link"
            case .pipe: "a named pipe"
            case .device: "a device"
            case .socket: "a socket"
            }
        }
    }

    /// Which file it is, whatever its name.
    package struct Identity: Sendable, Hashable {
        package let device: UInt64
        package let number: UInt64
    }

    package let kind: Kind
    package let identity: Identity
    package let bytes: Int
    /// When content, name or permissions last changed (ctime), in nanoseconds since 1970: no
    /// program can set it.
    package let changed: Int
    /// How many names (hard links) the file has.
    package let links: Int
    package let owner: uid_t
    /// The permission bits, with set-user-ID, set-group-ID and sticky.
    package let permissions: FilePermissions

    package init(_ info: stat) {
        kind =
            switch info.st_mode & S_IFMT {
            case S_IFREG: .file
            case S_IFDIR: .folder
            case S_IFLNK: .link
            case S_IFIFO: .pipe
            case S_IFSOCK: .socket
            default: .device
            }
        identity = Identity(device: UInt64(info.st_dev), number: UInt64(info.st_ino))
        bytes = Int(info.st_size)
        changed = Int(info.st_ctim.tv_sec) * 1_000_000_000 + Int(info.st_ctim.tv_nsec)
        links = Int(info.st_nlink)
        owner = info.st_uid
        permissions = FilePermissions(rawValue: info.st_mode & 0o7777)
    }

    /// - Throws: `Errno`.
    package init(of descriptor: FileDescriptor) throws(Errno) {
        var info = stat()
        guard fstat(descriptor.rawValue, &info) == 0 else { throw Errno(rawValue: errno) }
        self.init(info)
    }

    /// The status of what a person named, with links followed.
    ///
    /// - Returns: nil when nothing is there, or it cannot be seen.
    package init?(following path: FilePath) {
        var info = stat()
        guard path.withPlatformString({ fstatat(AT_FDCWD, $0, &info, 0) }) == 0 else { return nil }
        self.init(info)
    }

    /// Whether two paths lead to the same file or folder by any name.
    package static func isSame(_ first: FilePath, _ second: FilePath) -> Bool {
        guard let one = FileStatus(following: first), let other = FileStatus(following: second)
        else { return false }
        return one.identity == other.identity
    }

    /// Makes sure that this is a plain file.
    ///
    /// - Parameters:
    ///   - path: its path, for the error.
    ///   - isWritten: whether bytes are written into it, which needs a file of one name.
    /// - Throws: `EightCutError` (`outputUnusable`) that names what it is.
    package func requirePlainFile(_ path: FilePath, isWritten: Bool = false) throws {
        let why: String
        if kind != .file {
            why = "it is \(kind.name), not a plain file"
        } else if isWritten, links > 1 {
            why = "the file has other names too (hard links)"
        } else {
            return
        }
        throw EightCutError(
            .outputUnusable,
            "cannot use",
            on: path.string,
            because: why,
            remedy: "Move it away; 8cut only uses plain files of its own there."
        )
    }
}
