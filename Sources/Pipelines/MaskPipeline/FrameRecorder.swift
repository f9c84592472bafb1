import MaskStore
import Progress
import Synchronization

/// Brings the records of frames, which finish in any order, into order: journal and progress
/// count a frame when it and all before it are done.
final class FrameRecorder: Sendable {
    private struct State {
        var journal: FrameJournal
        var progress: FrameProgress
        var jumps: JumpDetector
        /// Records whose predecessors are missing, by frame.
        var early: [Int: FrameRecord] = [:]
        /// How many frames the video has, as soon as the last one has been decoded.
        var total: Int?
        /// How many frames have been worked on, where that is more than are recorded.
        var workedCount = 0
        /// How many frames the analysis that runs ahead has done.
        var analyzedCount = 0
        var failure: (any Error)?
    }

    private let state: Mutex<State>
    /// Is told how many frames are recorded.
    private let observe: @Sendable (Int) -> Void
    /// The part of the work on a frame that the analysis of the clip is, 0…1.
    private let analysisShare: Double

    /// Frames whose analysis says how long that of the others takes, at least.
    private static let leastAnalyzed = 10

    /// Continues after the last record of the journal.
    ///
    /// - Parameters:
    ///   - journal: the journal.
    ///   - total: how many frames the video has, as far as one knows.
    ///   - analysisShare: the part of the work on a frame, 0…1, that the analysis of the clip is. It
    ///     begins anew with each run.
    ///   - reporter: receives the progress.
    ///   - observe: is told how many frames are recorded, each time that it has grown.
    init(
        journal: FrameJournal,
        total: Int?,
        analysisShare: Double,
        reporter: any ProgressReporter,
        observe: @escaping @Sendable (Int) -> Void = { _ in }
    ) {
        self.observe = observe
        self.analysisShare = analysisShare
        let progress = FrameProgress(
            total: total,
            workedAtStart: Double(journal.count) * (1 - analysisShare),
            reporter: reporter
        )
        state = Mutex(
            State(journal: journal, progress: progress, jumps: JumpDetector(after: journal.last))
        )
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
                    observe(count)
                    try state.progress.report(
                        done: max(count, state.workedCount),
                        worked: work(state),
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
            try state.progress.report(done: count)
        }
    }

    /// Takes note of frames that the analysis of the clip has done.
    ///
    /// - Throws: what the progress throws.
    func note(analyzedCount count: Int) throws {
        try state.withLock { state in
            state.analyzedCount = count
            guard let work = work(state) else { return }
            if count == 1 { state.progress.restart(worked: work) }
            guard count >= Self.leastAnalyzed else { return }
            try state.progress.report(
                worked: work,
                done: max(state.journal.count, state.workedCount)
            )
        }
    }

    /// How much work is done, in frames; nil without an analysis.
    private func work(_ state: State) -> Double? {
        guard analysisShare > 0 else { return nil }
        let drawn = Double(max(state.journal.count, state.workedCount))
        return analysisShare * Double(state.analyzedCount) + (1 - analysisShare) * drawn
    }

    /// Takes note that the video has ended: from now on the number of frames is no estimate.
    func end(total: Int) throws {
        try state.withLock { state in
            state.total = total
            // Nobody else reports it when the last frame is recorded already.
            if total > 0, state.journal.count == total {
                try state.progress.report(done: total, isLast: true)
            }
        }
    }
}
