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

    /// What a decoder says after a seek, when it says something after a seek to an earlier place as
    /// well: at an open GOP it complains of frames that it has not read.
    private func confirmed(
        _ seek: Int?,
        _ problem: (_ seek: Int?) async throws -> String?
    ) async throws -> String? {
        guard let found = try await problem(seek) else { return nil }
        guard let seek else { return found }
        let earlier = seek - 12_000_000
        return try await problem(earlier > plan.source.startTime ? earlier : nil)
    }

    /// Looks at the part once more.
    ///
    /// - Returns: what is wrong, for people; nil where the clip is whole.
    /// - Throws: `EightCutError` or `CancellationError`.
    func find() async throws -> String? {
        // Where times jump, those of the decoder are others, and joins look like damage.
        guard plan.reading != .joining else { return nil }
        let probe = DamageProbe(plan.source)
        let seek: Int? = if case .seeking(let seek) = plan.reading { seek } else { nil }
        let first = plan.firstTimestamp
        let end = TimestampClock(plan.source).timestamp(shownAt: plan.endTimestamp - 30)
        let last = frames.filter { $0 <= end }.max() ?? end
        let video = try await confirmed(seek) { seek in
            try await probe.problem(
                seek: seek,
                frames: first...max(first, last),
                until: plan.endTimestamp
            )
        }
        if let video { return "the video is damaged there: \(video)" }
        guard let audio = plan.audio else { return nil }
        let length = plan.duration * Double(audio.stream.sampleRate)
        let sound = try await confirmed(seek) { seek in
            try await probe.problem(
                in: audio.stream,
                seek: seek,
                samples: audio.firstSample...audio.firstSample + Int(length)
            )
        }
        return sound.map { "the audio is damaged there: \($0)" }
    }
}
