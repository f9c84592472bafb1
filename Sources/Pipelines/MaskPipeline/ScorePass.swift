import Diagnostics
import Imaging
import MaskQuality
import MaskStore
import Media
import Progress
import SystemPackage

/// Judges the masks of a run while it makes them: decodes the video once more, follows the journal, and
/// reads each mask back as soon as it is recorded. So what an interrupted run has made is judged as well,
/// and the method does not wait.
final class ScorePass: Sendable {
    private let counts: AsyncStream<Int>.Continuation
    private let task: Task<FrameJournal, any Error>

    /// - Parameters:
    ///   - video: the video.
    ///   - target: where the masks are.
    ///   - polarity: what they show.
    ///   - clock: counts the time.
    init(
        _ video: ProbedVideo,
        _ target: MaskTarget,
        _ polarity: MaskPolarity,
        clock: StageClock
    ) {
        let (recorded, counts) = AsyncStream.makeStream(
            of: Int.self,
            // The latest says it all.
            bufferingPolicy: .bufferingNewest(1)
        )
        self.counts = counts
        let stream = video.stream
        let decoder = VideoDecoder(path: video.path, stream: stream, format: .yuv420p)
        task = Task {
            let journal = try FrameJournal.unnamed(in: target.workspace)
            return try await decoder.withFrames { frames in
                var judging = try Judging(stream, target, polarity, scored: journal, clock)
                for await count in recorded { try await judging.follow(frames, to: count) }
                return try await judging.finish(frames)
            }.result
        }
    }

    deinit { task.cancel() }

    /// Takes note of how many frames are recorded.
    func note(recordedCount count: Int) { counts.yield(count) }

    /// Waits until the masks of all recorded frames are judged.
    ///
    /// - Returns: the records with their scores.
    /// - Throws: `EightCutError` when the video or a mask cannot be read; `CancellationError`.
    func finish() async throws -> FrameJournal {
        counts.finish()
        return try await withTaskCancellationHandler {
            try await task.value
        } onCancel: {
            task.cancel()
        }
    }

    /// Gives up, without waiting.
    func cancel() {
        task.cancel()
        counts.finish()
    }

    /// Gives up, and waits until ffmpeg has ended.
    func abandon() async {
        cancel()
        _ = await task.result
    }

    /// The work on one frame after the other.
    private struct Judging {
        private let target: MaskTarget
        private let polarity: MaskPolarity
        private let clock: StageClock
        private let size: (width: Int, height: Int)
        private var records: FrameJournal.Reader
        private var judge: ClipJudge
        /// Records whose masks are not judged yet.
        private var waiting: [FrameRecord] = []
        private var scored: FrameJournal
        private var count = 0

        init(
            _ stream: VideoStream,
            _ target: MaskTarget,
            _ polarity: MaskPolarity,
            scored: FrameJournal,
            _ clock: StageClock
        ) throws {
            (self.target, self.polarity, self.scored) = (target, polarity, scored)
            self.clock = clock
            size = (stream.width, stream.height)
            records = target.journal.reader()
            judge = ClipJudge(width: stream.width, height: stream.height, model: .alone)
        }

        /// Judges masks as far as they are recorded.
        mutating func follow(_ frames: FrameReader, to recordedCount: Int) async throws {
            while count < recordedCount {
                guard let frame = try await frames.next(), let record = try records.next() else {
                    throw differs
                }
                try Task.checkCancellation()
                count += 1
                waiting.append(record)
                let mask = try clock.measure("read back") { try self.mask(of: record) }
                let qualities = clock.measure("judge") {
                    judge.add(frame, mask: mask, own: OwnSignals(record.scores ?? [:]))
                }
                try take(qualities)
            }
        }

        mutating func finish(_ frames: FrameReader) async throws -> FrameJournal {
            guard try await frames.next() == nil else { throw differs }
            try take(judge.finish())
            return scored
        }

        private mutating func take(_ qualities: [FrameQuality]) throws {
            for (var record, quality) in zip(waiting, qualities) {
                record.judgement = MaskJudgement(
                    quality.parts,
                    score: quality.score,
                    beginsShot: quality.beginsShot
                )
                try scored.append(record)
            }
            waiting.removeFirst(qualities.count)
        }

        private func mask(of record: FrameRecord) throws -> GrayImage {
            polarity.object(in: try target.mask(of: record.frame, size))
        }

        private var differs: EightCutError {
            EightCutError(
                .toolFailed,
                "cannot judge the masks",
                because: "ffmpeg has decoded the video twice and differently",
                remedy: "Was the file changed meanwhile? Run the same command again."
            )
        }
    }
}
