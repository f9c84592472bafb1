import Diagnostics
import Files
import Glibc
import SystemPackage

/// Content that is coming: the file and the digest of what it holds.
package final class PartialFile {
    /// How many bytes are there.
    package private(set) var count = 0
    /// Whether a part of it was there before this process asked for the rest, or it came in more
    /// than one piece: then a wrong hash may be due to that.
    package private(set) var isPatched = false

    private let path: FilePath
    private let file: HubFile
    private let descriptor: FileDescriptor
    private var digest: Digest

    /// Opens the file, or makes it, and reads what it holds.
    ///
    /// - Throws: `EightCutError`, or `CancellationError`.
    package init(_ path: FilePath, of file: HubFile) throws {
        self.path = path
        self.file = file
        digest = file.makeDigest()
        do {
            descriptor = try FileDescriptor.open(
                path,
                .readWrite,
                options: [.create, .noFollow],
                permissions: [.ownerReadWrite, .groupRead, .otherRead]
            )
        } catch let error as Errno {
            throw cacheError("cannot write", path, error)
        }
        try takeIn()
        isPatched = count > 0
        if count > file.bytes { try restart() }
    }

    deinit {
        try? descriptor.close()
    }

    private func takeIn() throws {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 16)
        defer { buffer.deallocate() }
        do {
            while true {
                try Task.checkCancellation()
                let read = try descriptor.read(into: buffer)
                if read == 0 { return }
                digest.update(UnsafeRawBufferPointer(rebasing: buffer[..<read]))
                count += read
            }
        } catch let error as Errno {
            throw cacheError("cannot read", path, error)
        }
    }

    /// Adds the next bytes.
    ///
    /// - Throws: `EightCutError` when the disk is full, or when there are more bytes than the
    ///   file has.
    package func append(_ bytes: UnsafeRawBufferPointer) throws {
        guard bytes.count <= file.bytes - count else {
            try restart()
            throw damaged("the server sends more than the \(file.bytes) bytes that it spoke of")
        }
        do {
            // After a write that has failed in the middle, what lies behind is not known to the
            // digest; the next run reads the file anew.
            try descriptor.writeAll(bytes)
        } catch let error as Errno {
            throw cacheError("cannot write", path, error)
        }
        digest.update(bytes)
        count += bytes.count
    }

    /// Notes that what comes next is another piece.
    package func beginPiece() {
        if count > 0 { isPatched = true }
    }

    /// Throws away what is there.
    package func restart() throws {
        guard ftruncate(descriptor.rawValue, 0) == 0,
            lseek(descriptor.rawValue, 0, SEEK_SET) == 0
        else { throw cacheError("cannot write", path, Errno(rawValue: errno)) }
        digest = file.makeDigest()
        count = 0
        isPatched = false
    }

    /// Whether what is there, all of it, has the hash that the server spoke of. Waits until it
    /// is on the disk.
    package func isWhole() throws -> Bool {
        guard count == file.bytes, digest.finish() == file.etag else { return false }
        guard fsync(descriptor.rawValue) == 0 else {
            throw cacheError("cannot write", path, Errno(rawValue: errno))
        }
        return true
    }

    /// The error for content that is not what was promised.
    package func damaged(_ why: String) -> EightCutError {
        EightCutError(
            .downloadDamaged,
            "cannot download",
            on: file.name,
            because: why,
            remedy: "Run the same command again; if that does not help, a server or a proxy "
                + "between changes the file."
        )
    }
}
