import Diagnostics
import Dispatch
import Glibc
import InteractiveProtocol
import Progress
import Synchronization

/// Writes answers, one line each, on a thread of its own: a client that does not read holds up
/// neither the work nor its end.
package final class AnswerChannel: Sendable {
    private let descriptor: Int32
    private let queue = DispatchQueue(label: "8cut.answers")
    /// Entered while bytes wait to be written.
    private let writing = DispatchGroup()
    private let state = Mutex(State())

    private struct State {
        /// What comes after the bytes that are being written.
        var next: [UInt8] = []
        /// Bytes that are not written yet.
        var unwritten = 0
        var isWriting = false
        /// Why nothing can be written any more (`errno`).
        var failure: Int32?
    }

    /// Bytes that may wait for a client. Above that, no request is read and no progress is reported.
    private static let limit = 1 << 20
    /// Writes of this size do not block when a pipe is writable (PIPE_BUF).
    private static let pieceSize = 4096

    package init(descriptor: Int32 = STDOUT_FILENO) {
        self.descriptor = descriptor
    }

    /// Whether so many bytes wait that nothing should be added.
    var isFull: Bool { state.withLock { $0.unwritten > Self.limit && $0.failure == nil } }

    /// Queues an answer. Progress that the client is too slow for is left out.
    ///
    /// - Throws: `OutputClosed` if nobody can read the answer any more; `EightCutError` if the disk
    ///   is full.
    func send(_ event: WorkerAnswer.Event, to id: WorkerID?) throws {
        if case .job(.progress) = event, isFull { return }
        try write(try WorkerAnswer(id: id, event).jsonLine())
    }

    /// Waits until there is space, `isOver` is true, or the task is cancelled.
    func waitForSpace(unless isOver: () -> Bool = { false }) async {
        while isFull, !isOver() {
            guard (try? await Task.sleep(for: .milliseconds(10))) != nil else { return }
        }
    }

    /// Waits until everything is written.
    ///
    /// - Returns: false if the client has not taken it by then.
    @discardableResult
    package func flush(within seconds: Double) -> Bool {
        writing.wait(timeout: .now() + seconds) == .success
    }

    private func write(_ line: String) throws {
        let starts = try state.withLock { state in
            if let failure = state.failure {
                throw outputError(failure, thenDo: "start the server again")
            }
            state.next += line.utf8
            state.next.append(UInt8(ascii: "\n"))
            state.unwritten += line.utf8.count + 1
            guard !state.isWriting else { return false }
            state.isWriting = true
            writing.enter()
            return true
        }
        if starts { queue.async { [self] in drain() } }
    }

    // MARK: - On the thread

    private func drain() {
        while let bytes = takeNext() {
            if let failure = bytes.withUnsafeBytes({ writeAll($0) }) {
                state.withLock { $0.failure = failure }
            }
        }
        writing.leave()
    }

    private func takeNext() -> [UInt8]? {
        state.withLock { state in
            guard !state.next.isEmpty, state.failure == nil else {
                (state.next, state.isWriting) = ([], false)
                return nil
            }
            defer { state.next = [] }
            return state.next
        }
    }

    /// - Returns: the error (`errno`); nil when everything is written.
    private func writeAll(_ bytes: UnsafeRawBufferPointer) -> Int32? {
        var rest = bytes
        while let base = rest.baseAddress, rest.count > 0 {
            var request = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
            poll(&request, 1, -1)
            let count = Glibc.write(descriptor, base, min(rest.count, Self.pieceSize))
            if count < 0 {
                if errno == EINTR || errno == EAGAIN { continue }
                return errno
            }
            state.withLock { $0.unwritten -= count }
            rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(count))
        }
        return nil
    }
}

/// The events that belong to no request: the end of the server. A client that does not read them is
/// not waited for.
extension AnswerChannel: ProgressReporter {
    /// How long the last line may take.
    private static let patience = 0.3

    package func report(_ event: ProgressEvent) throws {
        try write(try event.jsonLine())
        switch event {
        case .finished, .failed:
            flush(within: Self.patience)
            if let failure = state.withLock({ $0.failure }) {
                throw outputError(failure, thenDo: "start the server again")
            }
        default: break
        }
    }
}

/// Sends the progress of a run as answers to its request.
struct RunReporter: ProgressReporter {
    let channel: AnswerChannel
    let id: WorkerID

    func report(_ event: ProgressEvent) throws { try channel.send(.job(event), to: id) }
}
