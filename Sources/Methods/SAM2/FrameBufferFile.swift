import Glibc
import MaskStore
import Synchronization
import SystemPackage

/// Pictures of equal length that wait in a file, of which the last one comes out first. The file
/// has no name, so nothing is left of it, whatever ends the run.
final class FrameBufferFile: Sendable {
    private let descriptor: FileDescriptor
    private let length: Int
    private let held = Mutex(0)

    /// Begins with nothing.
    ///
    /// - Parameters:
    ///   - workspace: where the file shall lie.
    ///   - length: bytes of a picture.
    /// - Throws: `Errno`; `EightCutError` when there can be no workspace.
    init(in workspace: Workspace, length: Int) throws {
        let path = try workspace.file("frames.rgb")
        descriptor = try FileDescriptor.open(
            path,
            .readWrite,
            options: [.create, .truncate, .closeOnExec],
            permissions: .ownerReadWrite
        )
        unlink(path.string)
        self.length = length
    }

    deinit {
        try? descriptor.close()
    }

    /// How many pictures wait.
    var count: Int { held.withLock { $0 } }

    /// Puts a picture in.
    ///
    /// - Throws: `Errno` when there is no room.
    func append(_ bytes: UnsafeRawBufferPointer) throws {
        precondition(bytes.count == length, "not the length of a picture")
        try held.withLock { count in
            _ = try descriptor.writeAll(toAbsoluteOffset: Int64(count * length), bytes)
            count += 1
        }
    }

    /// Takes the last picture out, and gives its room on the disk back.
    ///
    /// - Parameter target: is filled.
    /// - Throws: `Errno`.
    func takeLast(into target: UnsafeMutableRawBufferPointer) throws {
        precondition(target.count == length, "not the length of a picture")
        try held.withLock { count in
            precondition(count > 0, "no picture is left")
            let start = (count - 1) * length
            var done = 0
            while done < length {
                let read = try descriptor.read(
                    fromAbsoluteOffset: Int64(start + done),
                    into: UnsafeMutableRawBufferPointer(rebasing: target[done...])
                )
                guard read > 0 else { throw Errno.ioError }
                done += read
            }
            guard ftruncate(descriptor.rawValue, off_t(start)) == 0 else {
                throw Errno(rawValue: errno)
            }
            count -= 1
        }
    }
}
