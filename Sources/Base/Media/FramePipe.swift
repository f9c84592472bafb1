import Glibc
import Imaging
import SystemPackage

/// The reading end of the pipe through which ffmpeg hands over raw pictures.
actor FramePipe {
    /// What a read of one picture has brought.
    enum Frame {
        case whole(PixelBuffer)
        /// The pipe ended, `missing` bytes before the end of a picture (0 between two pictures).
        case end(missing: Int)
    }

    private let descriptor: Int32
    private let executor = BlockingExecutor(label: "8cut.pictures")

    nonisolated var unownedExecutor: UnownedSerialExecutor {
        executor.asUnownedSerialExecutor()
    }

    /// Takes over the descriptor and closes it in the end.
    private init(descriptor: Int32) {
        self.descriptor = descriptor
    }

    deinit {
        close(descriptor)
    }

    /// Makes a pipe.
    ///
    /// - Returns: the reading end, and the writing end for the child process.
    static func make() throws(Errno) -> (reader: FramePipe, writer: FileDescriptor) {
        let ends: (readEnd: FileDescriptor, writeEnd: FileDescriptor)
        do {
            ends = try FileDescriptor.pipe()
        } catch {
            throw error as? Errno ?? .ioError
        }
        _ = fcntl(ends.readEnd.rawValue, F_SETFD, FD_CLOEXEC)
        _ = fcntl(ends.writeEnd.rawValue, F_SETFD, FD_CLOEXEC)
        // A large pipe lets ffmpeg decode ahead. 1 MiB is what an ordinary user may ask for; it
        // is only a wish.
        _ = fcntl(ends.writeEnd.rawValue, setPipeSize, 1 << 20)
        return (FramePipe(descriptor: ends.readEnd.rawValue), ends.writeEnd)
    }

    /// Reads one picture, waiting for it. When the child process ends, so does the waiting.
    func next(byteCount: Int) throws(Errno) -> Frame {
        var have = 0
        let descriptor = self.descriptor
        do {
            let buffer = try PixelBuffer(byteCount: byteCount) { bytes in
                while have < byteCount {
                    let rest = UnsafeMutableRawBufferPointer(rebasing: bytes[have...])
                    let count = read(descriptor, rest.baseAddress, rest.count)
                    if count > 0 {
                        have += count
                    } else if count == 0 {
                        throw Errno.brokenPipe
                    } else if errno != EINTR {
                        throw Errno(rawValue: errno)
                    }
                }
            }
            return .whole(buffer)
        } catch Errno.brokenPipe {
            return .end(missing: have == 0 ? 0 : byteCount - have)
        } catch {
            throw error as? Errno ?? .ioError
        }
    }
}

/// Linux's `F_SETPIPE_SZ`, which Glibc declares only for `_GNU_SOURCE`.
private let setPipeSize: Int32 = 1031
