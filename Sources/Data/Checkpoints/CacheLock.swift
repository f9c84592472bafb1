import Diagnostics
import Files
import Glibc
import SystemPackage

/// A lock that the system lets go of when the process ends: the same kind that the hub's own
/// client takes.
final class CacheLock: Sendable {
    private let descriptor: Int32

    private init(descriptor: Int32) {
        self.descriptor = descriptor
    }

    deinit {
        close(descriptor)
    }

    /// Waits for the lock and takes it.
    ///
    /// - Parameters:
    ///   - path: the lock's file; it is made, and the folders above it.
    ///   - onWait: called once when somebody else holds it.
    /// - Returns: the lock, which is held as long as the value lives.
    /// - Throws: `CancellationError`, or `EightCutError` when the file cannot be made.
    static func take(_ path: FilePath, onWait: () -> Void) async throws -> CacheLock {
        var hasWaited = false
        while true {
            if let lock = try takeNow(path) { return lock }
            if !hasWaited { onWait() }
            hasWaited = true
            try await Task.sleep(for: .milliseconds(100))
        }
    }

    /// Takes the lock; nil when somebody else holds it.
    static func takeNow(_ path: FilePath) throws -> CacheLock? {
        try cacheErrors { try Folder.create(path.removingLastComponent()) }
        let descriptor = open(path.string, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else {
            throw cacheError("cannot open the lock", path, Errno(rawValue: errno))
        }
        let lock = CacheLock(descriptor: descriptor)
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let number = errno
            if number == EWOULDBLOCK || number == EINTR { return nil }
            throw cacheError("cannot lock", path, Errno(rawValue: number))
        }
        // Some programs delete the file when they are done: then it is not the one that the
        // next one will lock.
        var ours = stat()
        var current = stat()
        guard fstat(descriptor, &ours) == 0, stat(path.string, &current) == 0,
            ours.st_ino == current.st_ino, ours.st_dev == current.st_dev
        else { return nil }
        return lock
    }
}
