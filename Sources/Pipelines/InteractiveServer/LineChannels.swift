import Diagnostics
import Dispatch
import Glibc
import InteractiveProtocol
import Progress
import Synchronization

/// The lines of a file descriptor, read on a thread of its own until it is closed.
package final class RequestLines: Sendable {
    package enum Line: Sendable, Equatable {
        /// The bytes without the line end.
        case bytes([UInt8])
        /// The line is longer than `limit`.
        case tooLong
    }

    /// The most bytes in a line.
    package static let limit = 1 << 20

    /// They end when the descriptor is closed or `end` is called.
    package let lines: AsyncStream<Line>
    private let continuation: AsyncStream<Line>.Continuation

    /// - Parameters:
    ///   - descriptor: what is read.
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

    /// Ends `lines`, even if more could be read.
    func end() { continuation.finish() }

    private static func read(_ descriptor: Int32, _ take: (Line) -> Void) {
        var line: [UInt8] = []
        var isTooLong = false
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            // The descriptor may be non-blocking.
            var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            poll(&request, 1, -1)
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

/// Writes answers, one line each.
package struct AnswerChannel: Sendable {
    private let descriptor: Int32

    package init(descriptor: Int32 = STDOUT_FILENO) {
        self.descriptor = descriptor
    }

    /// - Throws: `OutputClosed` if nobody can read the answer any more.
    func send(_ event: WorkerAnswer.Event, to id: WorkerID?) throws {
        let line = try WorkerAnswer(id: id, event).jsonLine()
        guard writeLine(line, to: descriptor) else { throw OutputClosed() }
    }
}

/// Sends the progress of a run as answers to its request.
struct RunReporter: ProgressReporter {
    let channel: AnswerChannel
    let id: WorkerID

    func report(_ event: ProgressEvent) throws { try channel.send(.job(event), to: id) }
}
