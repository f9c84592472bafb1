import Glibc
import SystemPackage

/// Notices when anybody opens a file.
package final class OpenWatch: Sendable {
    private let descriptor: Int32

    /// Begins to watch a file.
    package init(_ path: FilePath) throws {
        descriptor = inotify_init1(Int32(IN_NONBLOCK | IN_CLOEXEC))
        guard descriptor >= 0, inotify_add_watch(descriptor, path.string, UInt32(IN_OPEN)) >= 0
        else { throw Errno(rawValue: errno) }
    }

    deinit {
        close(descriptor)
    }

    /// Whether the file was opened since this was asked last.
    package func wasOpened() -> Bool {
        var buffer = [UInt8](repeating: 0, count: 4096)
        return read(descriptor, &buffer, buffer.count) > 0
    }
}
