import Dispatch
import Glibc
import Synchronization

/// The lines of a file descriptor, read on a thread that may wait, until it is closed.
package final class RequestLines: Sendable {
    /// A line.
    package enum Line: Sendable, Equatable {
        /// Its bytes, without its end.
        case bytes([UInt8])
        /// It has more bytes than a request may have.
        case tooLong
    }

    /// The most bytes that a line may have.
    package static let limit = 1 << 20

    /// One after the other, until the descriptor is closed or `end` is called.
    package let lines: AsyncStream<Line>
    private let continuation: AsyncStream<Line>.Continuation

    /// Begins to read.
    ///
    /// - Parameters:
    ///   - descriptor: standard input unless told otherwise.
    ///   - onEnd: called when it is closed.
    package init(descriptor: Int32 = STDIN_FILENO, onEnd: @escaping @Sendable () -> Void) {
        (lines, continuation) = AsyncStream.makeStream()
        let continuation = continuation
        DispatchQueue(label: "8cut.requests").async {
            Self.read(descriptor) { continuation.yield($0) }
            continuation.finish()
            onEnd()
        }
    }

    /// Ends `lines`, whatever is to come.
    func end() { continuation.finish() }

    private static func read(_ descriptor: Int32, _ take: (Line) -> Void) {
        var line: [UInt8] = []
        var isTooLong = false
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            // Who gave us the descriptor may have made it one that does not wait.
            var wish = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            poll(&wish, 1, -1)
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            if count < 0, errno == EINTR || errno == EAGAIN { continue }
            guard count > 0 else { return }
            for part in buffer[..<count].split(
                separator: UInt8(ascii: "\n"),
                omittingEmptySubsequences: false
            ) {
                if part.startIndex > 0 {
                    take(isTooLong ? .tooLong : .bytes(line))
                    line.removeAll()
                    isTooLong = false
                }
                if line.count + part.count > limit {
                    isTooLong = true
                    line.removeAll()
                } else if !isTooLong {
                    line += part
                }
            }
        }
    }
}
