import Diagnostics
import Media
import Synchronization

/// Cuts overlapping clips out of one video in one go, and checks that they are the right ones.
package struct Cut: Sendable {
    private let plans: [CutPlan]
    private let files: [ClipFiles]
    private let encoder: VideoEncoder

    /// Plans the work.
    ///
    /// - Parameters:
    ///   - plans: clips of the same source with the same settings, at least one.
    ///   - files: where they go; what is there is replaced.
    ///   - encoder: who encodes.
    package init(_ plans: [CutPlan], to files: [ClipFiles], with encoder: VideoEncoder) {
        self.plans = plans
        self.files = files
        self.encoder = encoder
    }

    /// The command as a line for a shell, which replaces no file.
    package var shellLine: String {
        CutCommand(plans: plans, files: files, encoder: encoder, isOurs: false).shellLine
    }

    /// Cuts them.
    ///
    /// - Parameter tell: called now and then with the number of pictures that are done.
    /// - Returns: what they are like, in the order of the plans.
    /// - Throws: `EightCutError`, `CancellationError`, or what `tell` throws; the files are then
    ///   to be deleted.
    package func run(_ tell: @escaping @Sendable (Int) throws -> Void) async throws -> [CutResult] {
        var plans = self.plans
        // A container can tell other times than the decoder, or a jump can lead elsewhere. The
        // decoder is right, and is asked from the start of the file.
        for attempt in 0..<2 {
            let messages = try await run(plans, tell)
            let mistake = plans.enumerated().compactMap { flaw($1, $0, messages) }.first
            guard let mistake else {
                try writeNotes(plans)
                return plans.enumerated().map { result($1, $0, messages) }
            }
            guard attempt == 0 else { throw fault(mistake) }
            let probe = FrameTimesProbe(plans[0].source)
            for index in plans.indices {
                let plan = plans[index]
                let end = plan.endTimestamp + (plan.startTimestamp - plan.asked).magnitude.asInt
                let times = try await probe.decodedTimes(to: end)
                plans[index] = try await CutPlanner(plan.source, plan.settings)
                    .plan(again: plan, times)
            }
        }
        throw fault("the clip is not the one that was planned")
    }

    /// Pictures do not tell their rate; a note beside them does.
    private func writeNotes(_ plans: [CutPlan]) throws {
        for (plan, files) in zip(plans, files) where plan.settings.form != .video {
            try ImageSequence.writeNote(
                in: files.main,
                frameRate: plan.frameRate,
                frameCount: plan.frameCount
            )
        }
    }

    private func run(
        _ plans: [CutPlan],
        _ tell: @escaping @Sendable (Int) throws -> Void
    ) async throws -> FilterMessages {
        let command = CutCommand(plans: plans, files: files, encoder: encoder, isOurs: true)
        let counts = Mutex(0)
        return try await FFmpegRun(arguments: command.arguments, input: plans[0].source.path)
            .run(failureMessage: "cannot cut") { line in
                guard line.hasPrefix("[showinfo@v"), line.contains(" n:") else { return }
                let done = counts.withLock { count in
                    count += 1
                    return count
                }
                try tell(done)
            }
    }

    /// What is wrong with a clip; nil when nothing is.
    private func flaw(
        _ plan: CutPlan,
        _ number: Int,
        _ messages: FilterMessages
    ) -> String? {
        let limit = TimestampClock(plan.source).timestamp(noLaterThan: plan.asked + 1)
        let seen = messages.timestamps(of: "in")
        let isFirst = seen.contains(plan.firstTimestamp)
        guard isFirst, !seen.contains(where: { $0 > plan.firstTimestamp && $0 <= limit }) else {
            return "the frame at its start cannot be decoded"
        }
        let count = messages.count(of: "v\(number)")
        guard count == plan.frameCount else {
            return "only \(count) of \(plan.frameCount) frames can be decoded"
        }
        return nil
    }

    private func result(
        _ plan: CutPlan,
        _ number: Int,
        _ messages: FilterMessages
    ) -> CutResult {
        guard let audio = plan.audio else {
            return CutResult(plan: plan, peak: nil, missingAudio: 0)
        }
        let value = { (key: String) in messages.value(key, of: "a\(number)") }
        let count = value("Number of samples").flatMap { Int($0) } ?? 0
        // ffmpeg says "-inf" for digital silence.
        let peak = value("Peak level dB").flatMap { Double($0) } ?? -.infinity
        return CutResult(
            plan: plan,
            peak: peak.isNaN ? -.infinity : peak,
            missingAudio: Double(audio.sampleCount - count) / Double(audio.sampleRate)
        )
    }

    private func fault(_ why: String) -> EightCutError {
        EightCutError(
            .inputUnusable,
            "cannot cut",
            on: plans[0].source.path.string,
            because: why,
            remedy: "The video is damaged there. Choose another place, or repair it first."
        )
    }
}

extension UInt {
    fileprivate var asInt: Int { Int(clamping: self) }
}

/// A clip that was cut.
package struct CutResult: Sendable, Equatable {
    /// How it was cut; not always as it was planned first, when a container tells wrong times.
    package let plan: CutPlan
    /// How loud the loudest sample is, in dB of full scale; nil without sound.
    package let peak: Double?
    /// Seconds at the end for which the source has no sound.
    package let missingAudio: Double

    /// The level below which a sound counts as silent.
    package static let silence = -60.0

    /// Whether there is a sound, but nothing to be heard.
    package var isSilent: Bool { (peak ?? 0) < Self.silence }

    /// Whether both tell of the same clip.
    package static func == (left: Self, right: Self) -> Bool {
        left.plan.firstTimestamp == right.plan.firstTimestamp
            && left.plan.frameCount == right.plan.frameCount && left.peak == right.peak
    }
}
