import Diagnostics
import Glibc
import SystemPackage

/// The free space of a disk.
package enum DiskSpace {
    /// Bytes that are free for this user on the disk that a path is on, or would be on.
    ///
    /// - Parameter path: need not exist; then the folders above it are asked.
    /// - Returns: nil if the disk does not report it.
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

    /// Makes sure that so many bytes fit, as far as the disk reports it.
    ///
    /// - Parameters:
    ///   - bytes: how many.
    ///   - path: where they go; it need not exist.
    ///   - what: what cannot be done otherwise.
    ///   - remedy: what to do about it.
    /// - Throws: `EightCutError` of code `inputOutput` if they do not fit.
    package static func require(
        _ bytes: Int,
        at path: FilePath,
        to what: String,
        remedy: String
    ) throws {
        guard let free = free(at: path), free < bytes else { return }
        throw EightCutError(
            .inputOutput,
            what,
            on: path.string,
            because: "about \(ByteCount.approximate(bytes)) are needed, and "
                + "\(ByteCount.approximate(free)) are free on this disk",
            remedy: remedy
        )
    }
}
