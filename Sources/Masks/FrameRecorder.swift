import Jobs

/// Brings the records of frames, which finish in any order, into order: journal and progress
/// know a frame when it and all before it are done.
final class FrameRecorder: @unchecked Sendable {
    // Used by the one task that runs the decoding loop; it crosses into a task only because
    // closures of the decoder are `@Sendable`.
    private let journal: FrameJournal
    private let progress: FrameProgress
    private var early: [Int: FrameRecord] = [:]
    private var jumps: JumpDetector
    /// How many frames the video has, as soon as the last one has been decoded.
    private var total: Int?
    private(set) var flagCounts: [MaskFlag: Int]

    /// Goes on after the first `doneCount` frames of the journal; what it holds beyond is
    /// forgotten.
    init(journal: FrameJournal, doneCount: Int, progress: FrameProgress) throws {
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
        flagCounts = counts
    }

    /// How many frames are recorded.
    var count: Int { journal.count }

    /// Takes the record of a frame whose mask is written.
    func take(_ record: FrameRecord) throws {
        early[record.frame] = record
        while let next = early.removeValue(forKey: journal.count) {
            let flagged = jumps.flagged(next)
            for flag in flagged.flags ?? [] { flagCounts[flag, default: 0] += 1 }
            try journal.append(flagged)
            try progress.report(done: journal.count, isLast: journal.count == total)
        }
    }

    /// Takes note that the video has ended: from now on the number of frames is no estimate.
    func end(total: Int) throws {
        self.total = total
        // Nobody else says so when the last frame was recorded by an earlier run.
        if total > 0, journal.count == total { try progress.report(done: total, isLast: true) }
    }
}
