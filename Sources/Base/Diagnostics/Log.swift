import Glibc
import Synchronization

/// Messages for the person at the terminal. They go to standard error only: standard output
/// belongs to results and progress events.
package struct Log: Sendable {
    /// How much is said.
    package enum Level: Int, Sendable, Comparable {
        case quiet, normal, verbose

        /// Quieter comes first.
        package static func < (left: Level, right: Level) -> Bool { left.rawValue < right.rawValue }
    }

    /// How much this log says.
    package let level: Level

    /// A log that says as much as `level` lets it.
    package init(level: Level) {
        self.level = level
    }

    /// Something the user should know, unless they asked for quiet.
    package func warning(_ message: String) {
        guard level >= .normal else { return }
        writeLine("8cut: warning: " + message, to: STDERR_FILENO)
    }

    /// Something worth a line, unless the user asked for quiet.
    package func note(_ message: String) {
        guard level >= .normal else { return }
        writeLine("8cut: " + message, to: STDERR_FILENO)
    }

    /// Something only the curious want to know.
    package func detail(_ message: @autoclosure () -> String) {
        guard level >= .verbose else { return }
        writeLine("8cut: " + message(), to: STDERR_FILENO)
    }
}

/// Keeps lines of several threads from running into each other.
private let lineLock = Mutex(())

/// Writes one whole line to a file descriptor.
///
/// - Returns: false when nobody can read it any more (the pipe is closed, the disk full).
@discardableResult
package func writeLine(_ line: String, to descriptor: Int32) -> Bool {
    writeText(line + "\n", to: descriptor)
}

/// Writes a text to a file descriptor, all of it.
///
/// - Returns: false when nobody can read it any more (the pipe is closed, the disk full).
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
