import Diagnostics
import Glibc
import SystemPackage

/// Keeps a second run away from a folder. The system lets go of it when the process ends,
/// however it ends.
public final class FolderLock: Sendable {
    private let descriptor: Int32

    /// Takes the lock.
    ///
    /// - Throws: `EightCutError` with code `outputBusy` when another process holds it.
    public init(_ path: FilePath) throws {
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

    deinit {
        close(descriptor)
    }
}
