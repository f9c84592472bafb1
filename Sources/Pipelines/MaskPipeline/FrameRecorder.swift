import MaskStore
import Progress
import Synchronization

/// Brings the records of frames, which finish in any order, into order: journal and progress
/// count a frame when it and all before it are done.
final class FrameRecorder: Sendable {
    private struct State {
        var journal: FrameJournal
        var jumps: JumpDetector
        /// Records whose predecessors are missing, by frame.
        var early: [Int: FrameRecord] = [:]
        /// How many frames the video has, as soon as the last one has been decoded.
        var total: Int?
        /// How many frames have been worked on, where that is more than are recorded.
        var workedCount = 0
        var failure: (any Error)?
    }

    private let state: Mutex<State>
    private let progress: FrameProgress

    /// Continues after the last record of the journal.
    init(journal: FrameJournal, progress: FrameProgress) {
        state = Mutex(State(journal: journal, jumps: JumpDetector(after: journal.last)))
        self.progress = progress
    }

    /// The journal as far as it has come.
    var journal: FrameJournal { state.withLock { $0.journal } }

    /// How many frames are recorded.
    var count: Int { state.withLock { $0.journal.count } }

    /// Takes the record of a frame as soon as its mask is written, on any thread.
    ///
    /// - Throws: what journal and progress throw; `check` throws it as well from then on.
    func take(_ record: FrameRecord) throws {
        try state.withLock { state in
            do {
                state.early[record.frame] = record
                while let next = state.early.removeValue(forKey: state.journal.count) {
                    try state.journal.append(state.jumps.flagged(next))
                    let count = state.journal.count
                    try progress.report(
                        done: max(count, state.workedCount),
                        isLast: count == state.total
                    )
                }
            } catch {
                state.failure = state.failure ?? error
                throw error
            }
        }
    }

    /// Throws what has gone wrong while a record was taken, so that the next frame is not begun.
    func check() throws {
        if let failure = state.withLock({ $0.failure }) { throw failure }
    }

    /// Takes note of frames that have been worked on before their masks are written.
    ///
    /// - Throws: what the progress throws.
    func note(workedCount count: Int) throws {
        try state.withLock { state in
            guard count > max(state.workedCount, state.journal.count) else { return }
            state.workedCount = count
            try progress.report(done: count)
        }
    }

    /// Takes note that the video has ended: from now on the number of frames is no estimate.
    func end(total: Int) throws {
        try state.withLock { state in
            state.total = total
            // Nobody else reports it when the last frame is recorded already.
            if total > 0, state.journal.count == total {
                try progress.report(done: total, isLast: true)
            }
        }
    }
}
