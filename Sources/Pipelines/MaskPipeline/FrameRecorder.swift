import MaskStore
import Progress
import Synchronization

/// Brings the records of frames, which finish in any order, into order: journal and progress
/// know a frame when it and all before it are done.
package final class FrameRecorder: @unchecked Sendable {
    // Unchecked because all that changes is used under this lock only.
    private let lock = Mutex(())
    private let journal: FrameJournal
    private let progress: FrameProgress
    private var early: [Int: FrameRecord] = [:]
    private var jumps: JumpDetector
    /// How many frames the video has, as soon as the last one has been decoded.
    private var total: Int?
    private var counts: [MaskFlag: Int]
    private var failure: (any Error)?
    /// How many frames have been worked on, where that is more than are recorded.
    private var worked = 0

    /// Goes on after the first `doneCount` frames of the journal; what it holds beyond is
    /// forgotten.
    package init(journal: FrameJournal, doneCount: Int, progress: FrameProgress) throws {
        self.journal = journal
        self.progress = progress
        var jumps = JumpDetector()
        var counts: [MaskFlag: Int] = [:]
        try journal.keep { record in
            guard record.frame < doneCount else { return false }
            jumps.previous = record
            for flag in record.flags ?? [] { counts[flag, default: 0] += 1 }
            return true
        }
        self.jumps = jumps
        self.counts = counts
    }

    /// How many frames are recorded.
    package var count: Int { lock.withLock { _ in journal.count } }

    /// How many masks bear which flag.
    package var flagCounts: [MaskFlag: Int] { lock.withLock { _ in counts } }

    /// Takes the record of a frame as soon as its mask is written, on whatever thread that is.
    ///
    /// - Throws: what journal and progress throw; `check` throws it as well from then on.
    package func take(_ record: FrameRecord) throws {
        try lock.withLock { _ in
            do {
                try add(record)
            } catch {
                failure = failure ?? error
                throw error
            }
        }
    }

    /// Throws what has gone wrong while a record was taken, so that the next frame is not begun.
    package func check() throws {
        if let failure = lock.withLock({ _ in failure }) { throw failure }
    }

    private func add(_ record: FrameRecord) throws {
        early[record.frame] = record
        while let next = early.removeValue(forKey: journal.count) {
            let flagged = jumps.flagged(next)
            for flag in flagged.flags ?? [] { counts[flag, default: 0] += 1 }
            try journal.append(flagged)
            try progress.report(
                done: max(journal.count, worked),
                isLast: journal.count == total
            )
        }
    }

    /// Takes note of frames that have been worked on before their masks are written.
    ///
    /// - Parameter count: how many.
    /// - Throws: what the progress throws.
    package func note(worked count: Int) throws {
        try lock.withLock { _ in
            guard count > max(worked, journal.count) else { return }
            worked = count
            try progress.report(done: count)
        }
    }

    /// Takes note that the video has ended: from now on the number of frames is no estimate.
    package func end(total: Int) throws {
        try lock.withLock { _ in
            self.total = total
            // Nobody else says so when the last frame is recorded already.
            if total > 0, journal.count == total { try progress.report(done: total, isLast: true) }
        }
    }
}
