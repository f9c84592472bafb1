import Glibc
import SystemPackage

/// Room on a disk.
package enum DiskRoom {
    /// Bytes that are free for this user on the disk where a path is, or would be.
    ///
    /// - Parameter path: need not exist; then the folders above it are asked.
    /// - Returns: nil when the disk does not tell.
    package static func free(at path: FilePath) -> Int? {
        var folder = path.absolute
        var info = statvfs()
        while statvfs(folder.string, &info) != 0 {
            guard errno == ENOENT, folder.removingLastComponent() != folder else { return nil }
            folder = folder.removingLastComponent()
        }
        let (bytes, isTooMany) = Int(clamping: info.f_bavail)
            .multipliedReportingOverflow(by: Int(clamping: info.f_frsize))
        return isTooMany ? .max : bytes
    }
}
