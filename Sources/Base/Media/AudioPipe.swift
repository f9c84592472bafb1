import Diagnostics
import Glibc
import Synchronization
import SystemPackage

/// A pipe from one child process to another. Each opens its end by a path, after which ours has to be
/// closed: a pipe ends when nobody has a writing end.
final class AudioPipe: Sendable {
    private struct Ends {
        var reader: FileDescriptor?
        var writer: FileDescriptor?
    }

    private let ends: Mutex<Ends>
    /// What ffmpeg calls the end that it reads from.
    let readerURL: String
    /// What ffmpeg calls the end that it writes to.
    let writerURL: String

    /// - Parameter path: the file that errors are about.
    /// - Throws: `EightCutError` when no pipe can be made.
    init(for path: FilePath) throws {
        do {
            let (reader, writer) = try FileDescriptor.pipe()
            for end in [reader, writer] { _ = fcntl(end.rawValue, F_SETFD, FD_CLOEXEC) }
            (readerURL, writerURL) = (Self.url(reader), Self.url(writer))
            ends = Mutex(Ends(reader: reader, writer: writer))
        } catch {
            throw EightCutError(
                .inputOutput,
                "cannot read the video",
                on: path.string,
                because: "no pipe could be made: \(error)"
            )
        }
    }

    deinit {
        closeReader()
        closeWriter()
    }

    func closeReader() {
        ends.withLock {
            try? $0.reader?.close()
            $0.reader = nil
        }
    }

    func closeWriter() {
        ends.withLock {
            try? $0.writer?.close()
            $0.writer = nil
        }
    }

    private static func url(_ end: FileDescriptor) -> String {
        "file:/proc/\(getpid())/fd/\(end.rawValue)"
    }
}
