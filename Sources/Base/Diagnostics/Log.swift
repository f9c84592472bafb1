import Glibc
import Synchronization

/// Messages for the person at the terminal. They go to standard error only: standard output
/// belongs to results and progress events.
package struct Log: Sendable {
    package enum Level: Int, Sendable, Comparable {
        case quiet, normal, verbose

        package static func < (left: Level, right: Level) -> Bool { left.rawValue < right.rawValue }
    }

    package let level: Level

    package init(level: Level) {
        self.level = level
    }

    /// Writes something the user should know, except with `--quiet`.
    package func warning(_ message: String) {
        guard level >= .normal else { return }
        writeLine("8cut: warning: " + message, to: STDERR_FILENO)
    }

    /// Writes something worth a line, except with `--quiet`.
    package func note(_ message: String) {
        guard level >= .normal else { return }
        writeLine("8cut: " + message, to: STDERR_FILENO)
    }

    /// Writes a detail, only with `--verbose`.
    package func detail(_ message: @autoclosure () -> String) {
        guard level >= .verbose else { return }
        writeLine("8cut: " + message(), to: STDERR_FILENO)
    }
}

/// Keeps the lines of several threads apart.
private let lineLock = Mutex(())

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
    lineLock.withLock { _ in
        var text = text
        return text.withUTF8 { bytes in
            var rest = UnsafeRawBufferPointer(bytes)
            while let base = rest.baseAddress, rest.count > 0 {
                let count = write(descriptor, base, rest.count)
                if count < 0 {
                    if errno == EINTR { continue }
                    return false
                }
                rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(count))
            }
            return true
        }
    }
}
