import ClipLibrary
import DatasetProfiles
import Diagnostics
import Media
import Synchronization

/// Cuts overlapping clips out of one video in one go, and checks that they are the right ones.
package struct Cut: Sendable {
    private let plans: [CutPlan]
    private let files: [ClipFiles]
    private let encoder: VideoEncoder

    /// - Parameters:
    ///   - plans: clips of the same source with the same settings, at least one.
    ///   - files: their destinations; existing files are replaced.
    ///   - encoder: the H.264 encoder.
    package init(_ plans: [CutPlan], to files: [ClipFiles], with encoder: VideoEncoder) {
        self.plans = plans
        self.files = files
        self.encoder = encoder
    }

    /// The command as a line for a shell; it replaces no file.
    package var shellLine: String {
        CutCommand(plans: plans, files: files, encoder: encoder, isOurs: false).line
    }

    /// Cuts them.
    ///
    /// - Parameter report: called now and then with the number of finished frames.
    /// - Returns: the results, in the order of the plans.
    /// - Throws: `EightCutError`, `CancellationError`, or what `report` throws; the files are then
    ///   to be deleted.
    package func run(_ report: @escaping @Sendable (Int) throws -> Void) async throws
        -> [CutResult]
    {
        var plans = self.plans
        // A container can have other times than the decoder, or a seek can lead elsewhere. The
        // decoder is right, and decodes from the start of the file.
        for attempt in 0..<2 {
            let messages = try await run(plans, report)
            let problem = plans.enumerated().compactMap { fault(in: $1, $0, messages) }.first
            guard let problem else {
                try writeNotes(plans)
                return try await results(plans, messages)
            }
            guard attempt == 0 else { throw error(problem) }
            let index = FrameIndex(plans[0].source)
            for number in plans.indices {
                let plan = plans[number]
                plans[number] = try await CutPlanner(plan.source, plan.settings, index)
                    .plan(again: plan)
            }
        }
        throw error("the clip is not the one that was planned")
    }

    private func results(_ plans: [CutPlan], _ messages: FilterMessages) async throws
        -> [CutResult]
    {
        let frames = messages.timestamps(of: "in")
        var fields = messages.fields(of: "fields")
        fields.marked = messages.interlacedCount(of: "in")
        var results: [CutResult] = []
        for (number, plan) in plans.enumerated() {
            var result = result(plan, number, messages)
            result.fields = fields
            if messages.tellsOfDamage {
                result.damage = try await ClipDamage(plan, frames: frames).find()
            }
            results.append(result)
        }
        return results
    }

    /// Images have no frame rate; a note beside them has.
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
        _ report: @escaping @Sendable (Int) throws -> Void
    ) async throws -> FilterMessages {
        var command = CutCommand(plans: plans, files: files, encoder: encoder, isOurs: true)
        var messages: FilterMessages
        do {
            messages = try await run(command, report)
        } catch let error as EightCutError where error.code == .toolFailed {
            // ffmpeg may have failed over audio that changes, unless it was killed.
            guard error.what == Self.failure, command.constantAudio != nil else { throw error }
            command.readsConstantAudio = true
            do {
                messages = try await run(command, report)
            } catch is EightCutError {
                throw error
            }
        }
        // Known only now; converting all frames and samples of all videos would cost time.
        command.changesMatrix = messages.matrices(of: "in").subtracting(["unknown"]).count > 1
        let changesAudio = messages.measurements(of: "a0") > 1 && command.constantAudio != nil
        guard command.changesMatrix || changesAudio else { return messages }
        command.readsConstantAudio = command.readsConstantAudio || changesAudio
        return try await run(command, report)
    }

    /// What cannot be done when ffmpeg fails by itself.
    private static let failure = "cannot cut"

    private func run(
        _ command: CutCommand,
        _ report: @escaping @Sendable (Int) throws -> Void
    ) async throws -> FilterMessages {
        let counts = Mutex(0)
        let audio = command.readsConstantAudio ? command.constantAudio : nil
        return try await FFmpegRun(arguments: command.arguments, input: plans[0].source.path)
            .run(failureMessage: Self.failure, reading: audio) { line in
                guard line.hasPrefix(exactly: "[showinfo@v"), line.contains(exactly: " n:") else {
                    return
                }
                let done = counts.withLock { count in
                    count += 1
                    return count
                }
                try report(done)
            }
    }

    /// Decodes the audio alone, and writes nothing.
    ///
    /// - Returns: how loud the clip will be; nil without audio, and where it cannot be decoded.
    /// - Throws: `EightCutError` when ffmpeg cannot be run, or is killed; `CancellationError`.
    fileprivate func listen() async throws -> Loudness? {
        guard plans[0].audio != nil else { return nil }
        var command = CutCommand(plans: plans, files: files, encoder: encoder, isOurs: true)
        command.isHeardOnly = true
        do {
            let messages = try await run(command) { _ in }
            let result = result(plans[0], 0, messages)
            return result.peak.map { Loudness(level: $0, mixedLevel: result.heardPeak ?? $0) }
        } catch let error as EightCutError where error.what == Self.failure {
            return nil
        }
    }

    /// What is wrong with a clip; nil when nothing is.
    private func fault(
        in plan: CutPlan,
        _ number: Int,
        _ messages: FilterMessages
    ) -> String? {
        let seen = messages.timestamps(of: "in")
        guard isFirst(plan, in: seen) else { return "the frame at its start cannot be decoded" }
        let count = messages.count(of: "v\(number)")
        guard count == plan.frameCount else {
            return count < plan.frameCount
                ? "only \(count) of \(plan.frameCount) frames can be decoded"
                : "\(count) frames came out of it instead of \(plan.frameCount)"
        }
        return nil
    }

    /// Whether the clip begins with the frame that was planned.
    private func isFirst(_ plan: CutPlan, in seen: [Int]) -> Bool {
        if let number = plan.firstNumber {
            return seen.indices.contains(number) && seen[number] == plan.cutTimestamp
        }
        let limit = TimestampClock(plan.source).timestamp(shownAt: plan.requested)
        return seen.contains(plan.cutTimestamp)
            && !seen.contains { $0 > plan.cutTimestamp && $0 <= limit }
    }

    private func result(
        _ plan: CutPlan,
        _ number: Int,
        _ messages: FilterMessages
    ) -> CutResult {
        guard let audio = plan.audio else { return CutResult(plan: plan) }
        let count = messages.sampleCount(of: "a\(number)")
        return CutResult(
            plan: plan,
            peak: messages.level(of: "a\(number)") ?? -.infinity,
            sourcePeak: messages.level(of: "s\(number)"),
            heardPeak: messages.level(of: "m\(number)"),
            missingAudio: Double(audio.sampleCount - count) / Double(audio.sampleRate)
        )
    }

    private func error(_ why: String) -> EightCutError {
        EightCutError(
            .inputUnusable,
            "cannot cut",
            on: plans[0].source.path.string,
            because: why,
            remedy: "The video is damaged there. Choose another place, or repair it first."
        )
    }
}

extension CutPlan {
    /// How loud the clip will be.
    ///
    /// - Returns: nil without audio, and where it cannot be decoded.
    /// - Throws: `EightCutError` when ffmpeg cannot be run, or is killed; `CancellationError`.
    package func loudness() async throws -> Loudness? {
        try await Cut([self], to: [], with: .x264).listen()
    }
}

/// A clip that was cut.
package struct CutResult: Sendable, Equatable {
    /// How it was cut: not as planned first where a container has wrong times.
    package let plan: CutPlan
    /// Peak level in dBFS; nil without audio.
    package let peak: Double?
    /// Peak level of the source's channels there, where they are mixed.
    let sourcePeak: Double?
    /// Peak level of what the target will hear, where it mixes the clip's channels.
    let heardPeak: Double?
    /// Seconds at the end for which the source has no audio.
    package let missingAudio: Double
    /// What is damaged in its part of the source; nil where nothing is.
    package internal(set) var damage: String?
    /// What was seen of interlacing.
    package internal(set) var fields = FieldReport()

    init(
        plan: CutPlan,
        peak: Double? = nil,
        sourcePeak: Double? = nil,
        heardPeak: Double? = nil,
        missingAudio: Double = 0
    ) {
        self.plan = plan
        self.peak = peak
        self.sourcePeak = sourcePeak
        self.heardPeak = heardPeak
        self.missingAudio = missingAudio
    }

    /// What there is to hear.
    package enum Audibility: Sendable {
        case audible
        /// Nothing, as in the source.
        case silent
        /// Nothing, or nearly so, because the source's channels cancel each other.
        case cancelled
        /// Something, but not for a target that mixes the channels.
        case cancelledWhenHeard
    }

    package var audibility: Audibility {
        guard let peak else { return .silent }
        if let sourcePeak, Loudness.isLost(peak, of: sourcePeak) { return .cancelled }
        if peak < Loudness.silence { return .silent }
        if let heardPeak, Loudness.isLost(heardPeak, of: peak) { return .cancelledWhenHeard }
        return .audible
    }

    /// Whether both are of the same clip.
    package static func == (left: Self, right: Self) -> Bool {
        left.plan.firstTimestamp == right.plan.firstTimestamp
            && left.plan.frameCount == right.plan.frameCount && left.peak == right.peak
    }
}
