import Media

/// What is damaged in a clip's part of its source.
struct ClipDamage: Sendable {
    private let plan: CutPlan
    /// Timestamps of the source's frames, as they were decoded.
    private let frames: [Int]

    init(_ plan: CutPlan, frames: [Int]) {
        self.plan = plan
        self.frames = frames
    }

    /// Looks at the part once more.
    ///
    /// - Returns: what is wrong, for people; nil where the clip is whole.
    /// - Throws: `EightCutError` or `CancellationError`.
    func find() async throws -> String? {
        let probe = DamageProbe(plan.source)
        let first = plan.firstTimestamp
        let end = TimestampClock(plan.source).timestamp(noLaterThan: plan.endTimestamp - 1)
        let last = frames.filter { $0 <= end }.max() ?? end
        let video = try await probe.problem(
            seek: plan.seek,
            frames: first...max(first, last),
            until: plan.endTimestamp
        )
        if let video { return "the video is damaged there: \(video)" }
        guard let audio = plan.audio else { return nil }
        let length = plan.duration * Double(audio.stream.sampleRate)
        let sound = try await probe.problem(
            in: audio.stream,
            seek: plan.seek,
            samples: audio.firstSample...audio.firstSample + Int(length)
        )
        return sound.map { "the audio is damaged there: \($0)" }
    }
}
