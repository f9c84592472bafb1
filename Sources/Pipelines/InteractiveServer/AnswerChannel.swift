import Diagnostics
import Glibc
import Progress

/// Where answers go: one line each.
package struct AnswerChannel: Sendable {
    private let descriptor: Int32

    /// Writes to `descriptor`, standard output unless told otherwise.
    package init(descriptor: Int32 = STDOUT_FILENO) {
        self.descriptor = descriptor
    }

    /// Writes an answer.
    ///
    /// - Throws: `OutputClosed` when nobody can read it any more.
    func send(_ event: WorkerAnswer.Event, to id: WorkerID?) throws {
        let line = try WorkerAnswer(id: id, event).jsonLine()
        guard writeLine(line, to: descriptor) else { throw OutputClosed() }
    }
}

/// Tells how a run goes.
struct RunReporter: ProgressReporter {
    let channel: AnswerChannel
    let id: WorkerID

    func report(_ event: ProgressEvent) throws { try channel.send(.job(event), to: id) }
}
