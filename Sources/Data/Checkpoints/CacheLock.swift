import Diagnostics
import Files
import Glibc
import SystemPackage

/// A lock that the system releases when the process ends: the same kind that the hub's own
/// client takes.
final class CacheLock: Sendable {
    private let descriptor: FileDescriptor

    private init(_ descriptor: FileDescriptor) {
        self.descriptor = descriptor
    }

    deinit {
        try? descriptor.close()
    }

    /// Waits for the lock and takes it.
    ///
    /// - Parameters:
    ///   - name: the lock's file; it is created, and never through a link.
    ///   - folder: where it is.
    ///   - onWait: called once when somebody else holds it.
    /// - Returns: the lock, which is held as long as the value lives.
    /// - Throws: `CancellationError`, or `EightCutError` when the file cannot be created.
    static func take(_ name: String, in folder: OpenFolder, onWait: () -> Void) async throws
        -> CacheLock
    {
        var hasWaited = false
        while true {
            if let lock = try takeNow(name, in: folder) { return lock }
            if !hasWaited { onWait() }
            hasWaited = true
            try await Task.sleep(for: .milliseconds(100))
        }
    }

    /// Takes the lock; nil when somebody else holds it.
    static func takeNow(_ name: String, in folder: OpenFolder) throws -> CacheLock? {
        let name = try component(name)
        let descriptor = try cacheErrors { try folder.openOrCreate(name) }
        let lock = CacheLock(descriptor)
        guard flock(descriptor.rawValue, LOCK_EX | LOCK_NB) == 0 else {
            let number = errno
            if number == EWOULDBLOCK || number == EINTR { return nil }
            throw cacheError("cannot lock", folder.path.appending(name), Errno(rawValue: number))
        }
        // Some programs delete the file when they are done: then it is not the one that the
        // next one will lock.
        guard let ours = try? FileStatus(of: descriptor),
            let current = try folder.status(of: name), ours.identity == current.identity
        else { return nil }
        return lock
    }
}
