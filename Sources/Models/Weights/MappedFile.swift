import Glibc
import SystemPackage

/// A file in memory as it lies on the disk: the system reads a page when it is touched, and may
/// drop it again.
///
/// A file that gets shorter while it is mapped ends the program (SIGBUS) when the lost part is
/// touched. Checkpoints are replaced by renaming, never written over, so this is left as it is.
final class MappedFile: @unchecked Sendable {
    // Nobody writes to the memory, and only deinit lets go of it: hence Sendable.
    let bytes: UnsafeRawBufferPointer

    /// Maps all of a file.
    ///
    /// - Throws: `Errno`; `isDirectory` or `invalidArgument` when it is no regular file.
    init(_ path: FilePath) throws {
        // A pipe of that name would otherwise be waited for.
        let file = try FileDescriptor.open(path, .readOnly, options: .nonBlocking)
        bytes = try file.closeAfter {
            var info = stat()
            guard fstat(file.rawValue, &info) == 0 else { throw Errno(rawValue: errno) }
            let kind = info.st_mode & S_IFMT
            guard kind == S_IFREG else {
                throw kind == S_IFDIR ? Errno.isDirectory : Errno.invalidArgument
            }
            let size = Int(info.st_size)
            guard size > 0 else { return UnsafeRawBufferPointer(start: nil, count: 0) }
            let address = mmap(nil, size, PROT_READ, MAP_PRIVATE, file.rawValue, 0)
            guard let address, address != MAP_FAILED else { throw Errno(rawValue: errno) }
            return UnsafeRawBufferPointer(start: address, count: size)
        }
    }

    deinit {
        if let start = bytes.baseAddress {
            munmap(UnsafeMutableRawPointer(mutating: start), bytes.count)
        }
    }
}
