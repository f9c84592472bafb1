import CProcess
import Glibc
import Synchronization

/// The process that reads our output has closed the pipe.
package struct OutputClosed: Error {
    package init() {}
}

/// Writes one whole line of results or events.
///
/// - Parameters:
///   - line: the line, without its end.
///   - descriptor: standard output, or what stands for it.
/// - Throws: `OutputClosed` when nobody reads it any more; `CancellationError` when nobody reads
///   and a signal has come; `EightCutError` of code `inputOutput`, with the disk full above all.
package func writeOutput(_ line: String, to descriptor: Int32 = STDOUT_FILENO) throws {
    switch TextOutput.write(line + "\n", to: descriptor) {
    case 0: return
    case EINTR: throw CancellationError()
    case let error: throw outputError(error, thenDo: "run the same command again")
    }
}

/// Why standard output cannot be written.
///
/// - Parameters:
///   - number: the error number (`errno`).
///   - remedy: what to do when the disk has space again.
/// - Returns: `OutputClosed` when nobody reads it any more, else an `EightCutError` of code
///   `inputOutput`.
package func outputError(_ number: Int32, thenDo remedy: String) -> any Error {
    if number == EPIPE { return OutputClosed() }
    let isFull = number == ENOSPC || number == EDQUOT
    return EightCutError(
        .inputOutput,
        "cannot write to standard output",
        because: isFull ? "the disk is full" : String(cString: strerror(number)),
        remedy: isFull ? "Free some disk space and \(remedy)." : nil
    )
}

/// Writes one whole line to a file descriptor.
///
/// - Returns: false when it cannot be written: the pipe is closed, or the disk full.
@discardableResult
package func writeLine(_ line: String, to descriptor: Int32) -> Bool {
    writeText(line + "\n", to: descriptor)
}

/// Writes a whole text to a file descriptor.
///
/// - Returns: false when it cannot be written: the pipe is closed, or the disk full.
@discardableResult
package func writeText(_ text: String, to descriptor: Int32) -> Bool {
    TextOutput.write(text, to: descriptor) == 0
}

private enum TextOutput {
    /// Keeps the lines of several threads apart.
    private static let lock = Mutex(())

    /// How much a pipe takes without a wait when it takes anything (`PIPE_BUF`).
    private static let pieceSize = 4096

    /// How long a reader may take once a signal has come: work has to end within a second.
    private static let patience: Int32 = 200

    /// Writes a whole text.
    ///
    /// - Returns: 0, or the error number; `EINTR` when a signal has come and nobody reads.
    static func write(_ text: String, to descriptor: Int32) -> Int32 {
        lock.withLock { _ in
            var text = text
            return text.withUTF8 { bytes in
                var rest = UnsafeRawBufferPointer(bytes)
                while let base = rest.baseAddress, rest.count > 0 {
                    guard waitUntilWritable(descriptor) else { return EINTR }
                    let count = Glibc.write(descriptor, base, min(rest.count, pieceSize))
                    if count < 0 {
                        if errno == EINTR { continue }
                        // A terminal or pipe that another process has made non-blocking.
                        guard errno == EAGAIN else { return errno }
                        continue
                    }
                    rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(count))
                }
                return 0
            }
        }
    }

    /// Waits until a descriptor takes something. A write into a pipe that nobody reads would wait
    /// for ever, and no signal would end it.
    private static func waitUntilWritable(_ descriptor: Int32) -> Bool {
        var wanted = [
            pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0),
            // -1 before signals are handled: then poll ignores it.
            pollfd(fd: stop_signals_descriptor(), events: Int16(POLLIN), revents: 0),
        ]
        while poll(&wanted, 2, -1) < 0 {
            // What cannot be polled is written to: that has the error.
            guard errno == EINTR else { return true }
        }
        if wanted[0].revents != 0 { return true }
        return poll(&wanted, 1, patience) > 0
    }
}
