import CLinux
import Glibc
import SystemPackage

extension OpenFolder {
    /// Lets two names in this folder change places, in one step.
    ///
    /// - Throws: `Errno`; `invalidArgument` or `noFunction` where the file system cannot do it.
    package func exchange(
        _ name: FilePath.Component,
        with other: FilePath.Component
    ) throws(Errno) {
        let result = name.withPlatformString { first in
            other.withPlatformString { second in
                renameat2(
                    descriptor.rawValue,
                    first,
                    descriptor.rawValue,
                    second,
                    EIGHTCUT_RENAME_EXCHANGE
                )
            }
        }
        guard result == 0 else { throw Errno(rawValue: errno) }
    }

    /// Whether a run that still works holds the lock of a file or folder in this one.
    ///
    /// - Returns: false too when nothing has the name, or it is neither.
    package func isLocked(_ name: FilePath.Component) -> Bool {
        let path = FilePath(root: nil, components: name)
        let flags = O_RDONLY | O_NONBLOCK | O_NOFOLLOW
        guard let kind = try? status(of: name)?.kind, kind == .file || kind == .folder,
            let file = try? Self.open(self, path, flags)
        else { return false }
        defer { try? file.close() }
        return flock(file.rawValue, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK
    }
}
