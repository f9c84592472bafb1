import Diagnostics
import Files
import Imaging
import Media
import Progress
import ScanStore
import SoundSignals

/// How far a video has been measured.
struct ScanProgress: Sendable {
    var blocks = 0
    /// Of the frames that are measured.
    var times: [Double] = []
    /// Rows of audio that are measured.
    var rows = 0
    var lastOnset: SoundOnset?

    init() {}

    /// What is in a folder.
    ///
    /// - Throws: `EightCutError` when it cannot be read.
    init(_ folder: ScanFolder) throws {
        var (times, rows, onset): ([Double], Int, SoundOnset?) = ([], 0, nil)
        blocks = try folder.readBlocks { block in
            times += block.times
            rows += block.sound.rows.count
            onset = block.sound.onsets.last ?? onset
        }
        (self.times, self.rows, lastOnset) = (times, rows, onset)
    }
}

/// One pass over a video, whose measures are written block by block.
struct ScanRun: Sendable {
    private let source: MediaSource
    private let stream: AudioStream?
    private let note: ScanNote
    private let folder: ScanFolder
    private let reporter: any ProgressReporter
    private let size: (width: Int, height: Int)

    /// Seconds of a block.
    private static let blockLength = 60.0
    /// Seconds that audio is measured before the first row that counts.
    private static let soundWarmUp = 4

    init(
        _ source: MediaSource,
        _ stream: AudioStream?,
        _ note: ScanNote,
        in folder: ScanFolder,
        reporter: any ProgressReporter
    ) {
        (self.source, self.stream, self.note) = (source, stream, note)
        (self.folder, self.reporter) = (folder, reporter)
        size = Self.size(of: source.video)
    }

    /// Columns and rows of the small frames: as many pixels as 256 × 144 has, in the shape of the
    /// video, in multiples of 4.
    static func size(of video: VideoStream) -> (width: Int, height: Int) {
        let aspect = min(max(Double(video.width) / Double(video.height), 0.25), 4)
        let width = (256.0 * 144 * aspect).squareRoot()
        func even(_ value: Double) -> Int { max(32, Int((value / 4).rounded()) * 4) }
        return (even(width), even(width / aspect))
    }

    /// Measures the video to its end.
    ///
    /// - Throws: `FramePass.Restart` where a pass has to begin from the start;
    ///   `EightCutError`, `CancellationError`.
    func measure(after before: ScanProgress) async throws -> ScanNote.Result {
        let place = place(after: before)
        let track = stream.flatMap { stream in
            note.audio.map { audio in
                SoundTrack(
                    audio,
                    ScanDecoder.form(of: stream),
                    from: place.audioSecond,
                    rows: before.rows,
                    after: before.lastOnset
                )
            }
        }
        let decoder = ScanDecoder(
            source,
            audio: stream,
            size: size,
            from: place,
            joins: note.isJoined == true
        )
        let (pass, report) = try await decoder.run { frames in
            try await measure(frames, after: before, track)
        } sound: { samples in
            track?.add(samples)
        }
        // The audio may end after the frames.
        track?.finish()
        var last = pass.block
        if let track { last.add(track.take()) }
        try folder.write(last, as: pass.blocks)
        return ScanNote.Result(
            frames: last.firstFrame + last.frames.count,
            rows: last.firstRow + last.sound.rows.count,
            blocks: pass.blocks + 1,
            isTimed: pass.isTimed,
            problem: note.problem ?? report.problem
        )
    }

    /// What is not written at the end of the frames.
    private struct Pass: Sendable {
        var block: ScanBlock
        var blocks: Int
        var isTimed: Bool
    }

    private func place(after before: ScanProgress) -> ScanDecoder.Place {
        guard !before.times.isEmpty else { return .start }
        let frame = before.times[max(0, before.times.count - FramePass.warmUp)]
        let second = max(0, before.rows / SoundRow.rate - Self.soundWarmUp)
        // A second more, for the rounding of times.
        let seconds = min(frame, stream == nil ? frame : Double(second)) - 1
        guard seconds > 0 else { return .start }
        return .init(seconds: seconds, audioSecond: second, frames: before.times.count)
    }

    private func measure(
        _ frames: FrameReader,
        after before: ScanProgress,
        _ track: SoundTrack?
    ) async throws -> Pass {
        var pass = FramePass(
            of: source.path,
            size: size,
            frameRate: note.frameRate,
            known: before.times,
            mayJump: !source.isIndexed && note.isJoined != true
        )
        var note = note
        let most = min(max(1, Int(Self.blockLength * note.frameRate)), 1 << 16)
        var block = ScanBlock(firstFrame: before.times.count, firstRow: before.rows)
        var blocks = before.blocks
        let progress = FrameProgress(
            total: source.video.estimatedFrames,
            workedAtStart: Double(before.times.count),
            reporter: reporter
        )
        var reported = ContinuousClock.now
        while let frame = try await frames.next() {
            guard let (measures, time) = try pass.measure(frame) else { continue }
            block.add(measures, at: time)
            if reported.duration(to: .now) > .milliseconds(500) {
                reported = .now
                try progress.report(done: block.firstFrame + block.frames.count)
            }
            guard block.frames.count == most else { continue }
            if let track { block.add(track.take()) }
            if note.problem == nil, let problem = frames.problem {
                // A scan that goes on from here does not see it.
                note.problem = problem
                try folder.write(note)
            }
            try folder.write(block, as: blocks)
            blocks += 1
            block = ScanBlock(
                firstFrame: block.firstFrame + block.frames.count,
                firstRow: block.firstRow + block.sound.rows.count
            )
        }
        try progress.report(done: block.firstFrame + block.frames.count, isLast: true)
        return Pass(block: block, blocks: blocks, isTimed: pass.isTimed)
    }
}
