import Diagnostics
import Glibc
import SystemPackage

/// An exclusive lock (`flock`) on a folder. The system releases it when the process ends, however
/// it ends.
package final class FolderLock: Sendable {
    private let descriptor: Int32

    /// Takes the lock.
    ///
    /// - Throws: `EightCutError` with code `outputBusy` when another process holds it.
    package init(_ path: FilePath) throws {
        descriptor = try Self.open(path)
        // Throwing after all properties are set runs deinit, which closes the descriptor.
        guard try Self.tryLock(descriptor, path) else { throw Self.busy(path) }
    }

    /// Takes the lock of a folder that is open already.
    ///
    /// - Throws: `EightCutError` with code `outputBusy` when another process holds it.
    package init(_ folder: OpenFolder) throws {
        descriptor = try Self.open(folder)
        guard try Self.tryLock(descriptor, folder.path) else { throw Self.busy(folder.path) }
    }

    /// Takes the lock, waiting for another process that holds it.
    ///
    /// - Throws: `EightCutError` with code `outputBusy` when it is still held after `timeout`, or
    ///   `CancellationError`.
    package init(waitingFor path: FilePath, _ timeout: Duration = .seconds(60)) async throws {
        let end = ContinuousClock.now + timeout
        descriptor = try Self.open(path)
        while try !Self.tryLock(descriptor, path) {
            guard ContinuousClock.now < end else { throw Self.busy(path) }
            try await Task.sleep(for: .milliseconds(5))
        }
    }

    deinit {
        // A child that is being started has a copy of the descriptor until it runs its program, so
        // closing ours alone would not end the lock.
        flock(descriptor, LOCK_UN)
        close(descriptor)
    }

    private static func open(_ path: FilePath) throws -> Int32 {
        try open(OpenFolder(path))
    }

    /// A lock belongs to an opening, so it needs one of its own.
    private static func open(_ folder: OpenFolder) throws -> Int32 {
        do {
            return try OpenFolder.open(folder, ".", O_RDONLY | O_DIRECTORY).rawValue
        } catch {
            throw fileError("cannot open the folder", folder.path, error)
        }
    }

    /// - Returns: false when another process holds the lock.
    private static func tryLock(_ descriptor: Int32, _ path: FilePath) throws -> Bool {
        if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return true }
        let number = errno
        guard number == EWOULDBLOCK || number == EINTR else {
            throw fileError("cannot lock the folder", path, Errno(rawValue: number))
        }
        return false
    }

    private static func busy(_ path: FilePath) -> EightCutError {
        EightCutError(
            .outputBusy,
            "cannot write to",
            on: path.string,
            because: "another run is working on this folder",
            remedy: "Wait for it to end."
        )
    }
}
