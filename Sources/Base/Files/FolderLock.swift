import Diagnostics
import Glibc
import SystemPackage

/// Keeps a second run away from a folder. The system lets go of it when the process ends,
/// however it ends.
package final class FolderLock: Sendable {
    private let descriptor: Int32

    /// Takes the lock.
    ///
    /// - Throws: `EightCutError` with code `outputBusy` when another process holds it.
    package init(_ path: FilePath) throws {
        descriptor = open(path.string, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw fileError("cannot open the folder", path, Errno(rawValue: errno))
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let number = errno
            close(descriptor)
            guard number == EWOULDBLOCK else {
                throw fileError("cannot lock the folder", path, Errno(rawValue: number))
            }
            throw EightCutError(
                .outputBusy,
                "cannot write to",
                on: path.string,
                because: "another run is working on this folder",
                remedy: "Wait for it to end, or choose another folder with --output."
            )
        }
    }

    /// Takes the lock, and waits for another process that holds it.
    ///
    /// - Parameters:
    ///   - path: the folder.
    ///   - patience: how long to wait.
    /// - Throws: `EightCutError` with code `outputBusy` when it is held for longer, or
    ///   `CancellationError`.
    package init(waitingFor path: FilePath, _ patience: Duration = .seconds(60)) async throws {
        let end = ContinuousClock.now + patience
        descriptor = open(path.string, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw fileError("cannot open the folder", path, Errno(rawValue: errno))
        }
        while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
            let number = errno
            guard number == EWOULDBLOCK || number == EINTR else {
                throw fileError("cannot lock the folder", path, Errno(rawValue: number))
            }
            guard ContinuousClock.now < end else {
                throw EightCutError(
                    .outputBusy,
                    "cannot write to",
                    on: path.string,
                    because: "another run is working on this folder",
                    remedy: "Wait for it to end."
                )
            }
            try await Task.sleep(for: .milliseconds(5))
        }
    }

    deinit {
        close(descriptor)
    }
}
