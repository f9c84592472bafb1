import Dispatch
import Glibc
import Synchronization

/// The lines of a file descriptor, read on a thread of its own until it is closed.
///
/// Lines that nobody has taken yet are limited: then reading stops, and the client waits. A client
/// that closes its end meanwhile is noticed all the same.
package final class RequestLines: Sendable {
    package enum Line: Sendable, Equatable {
        /// The bytes without the line end.
        case bytes([UInt8])
        /// The line is longer than `limit`.
        case tooLong

        /// Bytes that the line occupies in memory, roughly.
        var cost: Int {
            switch self {
            case .bytes(let bytes): bytes.count + 64
            case .tooLong: 64
            }
        }
    }

    /// The most bytes in a line.
    package static let limit = 1 << 20
    /// Bytes of lines that wait to be taken; above that nothing more is read.
    private static let mostWaiting = 1 << 18
    /// How long lines that were written before the descriptor was closed may still wait.
    private static let grace = Duration.milliseconds(200)

    /// They end when the descriptor is closed or `end` is called. Each must be passed to
    /// `noteTaken`.
    package let lines: AsyncStream<Line>
    private let continuation: AsyncStream<Line>.Continuation
    private let state = Mutex(State())

    private struct State {
        var waiting = 0
        /// When the client was noticed to have closed the descriptor.
        var closedAt: ContinuousClock.Instant?
        var hasEnded = false
    }

    /// - Parameters:
    ///   - descriptor: what is read.
    ///   - onEnd: called once, when it is closed.
    package init(descriptor: Int32 = STDIN_FILENO, onEnd: @escaping @Sendable () -> Void) {
        (lines, continuation) = AsyncStream.makeStream()
        DispatchQueue(label: "8cut.requests").async { [self] in
            read(descriptor, onEnd)
            end()
            noteClosed(onEnd)
        }
    }

    /// Ends `lines`, even if more could be read.
    func end() {
        state.withLock { $0.hasEnded = true }
        continuation.finish()
    }

    /// Whether no more lines come, apart from those that are waiting.
    var hasEnded: Bool { state.withLock { $0.hasEnded } }

    /// Makes space for further lines.
    package func noteTaken(_ line: Line) { state.withLock { $0.waiting -= line.cost } }

    // MARK: - On the thread

    private func read(_ descriptor: Int32, _ onEnd: () -> Void) {
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
                    let whole = isTooLong ? Line.tooLong : .bytes(line)
                    guard put(whole, descriptor, onEnd) else { return }
                    line.removeAll()
                    isTooLong = false
                }
                if line.count + part.count > Self.limit {
                    isTooLong = true
                    line.removeAll()
                } else if !isTooLong {
                    line += part
                }
            }
        }
    }

    /// Adds a line when there is space for it.
    ///
    /// - Returns: false if it is not taken any more.
    private func put(_ line: Line, _ descriptor: Int32, _ onEnd: () -> Void) -> Bool {
        while state.withLock({ $0.waiting > Self.mostWaiting && !$0.hasEnded }) {
            guard let closedAt = state.withLock({ $0.closedAt }) else {
                if isClosed(descriptor, within: 10) { noteClosed(onEnd) }
                continue
            }
            guard closedAt.duration(to: .now) < Self.grace else { return false }
            usleep(5000)
        }
        guard !hasEnded else { return false }
        state.withLock { $0.waiting += line.cost }
        continuation.yield(line)
        return true
    }

    private func noteClosed(_ onEnd: () -> Void) {
        let isNew = state.withLock { state in
            defer { state.closedAt = state.closedAt ?? .now }
            return state.closedAt == nil
        }
        if isNew { onEnd() }
    }

    /// Whether the other end of a pipe or socket is closed, or closes within some milliseconds. That
    /// can be seen before everything is read.
    private func isClosed(_ descriptor: Int32, within milliseconds: Int32) -> Bool {
        let hangup = Int16(POLLHUP) | Int16(POLLERR) | Int16(POLLNVAL) | Self.peerClosed
        var request = pollfd(fd: descriptor, events: Self.peerClosed, revents: 0)
        return poll(&request, 1, milliseconds) > 0 && request.revents & hangup != 0
    }

    /// Linux's `POLLRDHUP`: the peer of a socket has shut down its writing half.
    private static let peerClosed: Int16 = 0x2000
}
