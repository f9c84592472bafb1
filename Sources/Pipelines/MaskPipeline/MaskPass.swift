import Imaging
import MaskStore
import Media
import Progress

/// The frames of a video go through a session one after the other; its masks are drawn and written
/// beside that.
struct MaskPass: Sendable {
    let target: MaskTarget
    /// How many frames, from the first on, already have their masks.
    let doneCount: Int
    let inverts: Bool
    /// The name under which the session's time is counted.
    let stage: String
    let recorder: FrameRecorder
    let clock: StageClock

    private typealias Drawing = ThrowingTaskGroup<Void, any Error>

    func run(_ frames: FrameReader, through session: inout any MaskSession) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            var drawnCount = 0
            do {
                while let step = try await timed({ try await session.prepare() }) {
                    try await take(step, &group, &drawnCount)
                    try session.save(recorded: recorder.count, isLast: false)
                }
                while let frame = try await next(frames) {
                    if session.skipsFinishedFrames, frame.index < doneCount { continue }
                    let step = try await timed { try await session.add(frame) }
                    try await take(step, &group, &drawnCount)
                    try session.save(recorded: recorder.count, isLast: false)
                }
                try recorder.end(total: frames.count)
                try await draw(try await session.finish(), &group, &drawnCount)
                try await group.waitForAll()
            } catch {
                // Frames that are nearly done are finished and kept.
                while !group.isEmpty { _ = try? await group.next() }
                try? session.save(recorded: recorder.count, isLast: true)
                throw error
            }
        }
    }

    private func take(
        _ step: SessionStep,
        _ group: inout Drawing,
        _ drawnCount: inout Int
    ) async throws {
        if let count = step.workedCount { try recorder.note(workedCount: count) }
        try await draw(step.masks, &group, &drawnCount)
        try recorder.check()
    }

    /// Starts to draw masks, and waits while too many are drawn already.
    private func draw(
        _ masks: [PendingMask],
        _ group: inout Drawing,
        _ drawnCount: inout Int
    ) async throws {
        for mask in masks where mask.frameIndex >= doneCount {
            // No frame is written that is far ahead of the journal, even if one takes long: a run
            // that is killed must know which files are its own.
            while drawnCount > 0,
                drawnCount == MaskFolder.maximumUnrecorded
                    || mask.frameIndex >= recorder.count + MaskFolder.maximumUnrecorded
            {
                try await group.next()
                drawnCount -= 1
            }
            group.addTask { try recorder.take(write(mask)) }
            drawnCount += 1
        }
    }

    private func write(_ pending: PendingMask) throws -> FrameRecord {
        var mask = try clock.measure("draw", pending.draw)
        // Records speak of the object, whatever becomes of it in the file.
        let record = clock.measure("describe") {
            FrameRecord(frame: pending.frameIndex, time: pending.time, mask: mask)
        }
        if inverts {
            mask.image.invert()
            mask.auxiliary = mask.auxiliary.mapValues { $0.inverted() }
        }
        try clock.measure("write") {
            try target.write(mask, frame: pending.frameIndex)
        }
        return record
    }

    private func next(_ frames: FrameReader) async throws -> VideoFrame? {
        let start = ContinuousClock.now
        defer { clock.add("wait for ffmpeg", start.duration(to: .now)) }
        return try await frames.next()
    }

    private func timed<Result>(_ body: () async throws -> Result) async rethrows -> Result {
        let start = ContinuousClock.now
        defer { clock.add(stage, start.duration(to: .now)) }
        return try await body()
    }
}
