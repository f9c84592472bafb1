import Diagnostics
import Media

/// Finds out which frames and samples a clip consists of.
package struct CutPlanner: Sendable {
    private let source: MediaSource
    private let settings: CutSettings
    private let clock: TimestampClock

    package init(_ source: MediaSource, _ settings: CutSettings) {
        self.source = source
        self.settings = settings
        clock = TimestampClock(source)
    }

    /// Plans one clip.
    ///
    /// - Throws: `EightCutError` when the source does not go so far, or cannot be read.
    package func plan(_ start: ClipStart) async throws -> CutPlan {
        try requireUsualTimes()
        let rate = try frameRate()
        let probe = FrameTimesProbe(source)
        let requested: Int
        switch start {
        case .time(let nanoseconds): requested = source.origin + nanoseconds / 1000
        case .timecode(let code):
            requested = source.origin + (try code.nanoseconds(in: source)) / 1000
        case .frame(let number):
            let times = try await probe.firstTimes(number + 1)
            guard number < times.timestamps.count else {
                throw pastTheEnd("the video has \(times.timestamps.count) frames")
            }
            // The middle of a step of the time base: rounding cannot lead to the frame before.
            requested = clock.microseconds(times.timestamps[number]) + min(clock.step / 2, 500)
        }
        let length = Int((Double(wantedFrames(rate)) / rate.value * 1e6).rounded(.up))
        let times = try await probe.times(from: requested, to: requested + length)
        return try await plan(requested, times, rate)
    }

    /// Makes sure that no arithmetic with the file's times overflows: they are at most a thousand
    /// years.
    private func requireUsualTimes() throws {
        let most = UInt(30_000_000_000_000_000)
        guard source.origin.magnitude < most, source.startTime.magnitude < most else {
            throw EightCutError(
                .inputUnusable,
                "cannot cut",
                on: source.path.string,
                because: "its timestamps are too large",
                remedy: "Remux it first, so that its timestamps begin at 0."
            )
        }
    }

    /// Plans a clip again, with the times of decoded frames.
    func plan(again plan: CutPlan, _ times: FrameTimes) async throws -> CutPlan {
        try await self.plan(plan.requested, times, plan.frameRate)
    }

    private func plan(
        _ requested: Int,
        _ times: FrameTimes,
        _ rate: Rational
    ) async throws -> CutPlan {
        // ffprobe and others print times in microseconds: one that was rounded down still means its
        // frame.
        let limit = clock.timestamp(noLaterThan: requested + 1)
        guard let first = times.timestamps.last(where: { $0 <= limit }) ?? times.timestamps.first,
            clock.microseconds(first).magnitude < 60_000_000_000_000_000,
            clock.microseconds(first) - source.origin < 100_000_000_000_000
        else {
            throw pastTheEnd("no frame was found there")
        }
        let filled = FilledLength(source, times, first: first, rate: rate)
        var count = wantedFrames(rate)
        if let most = filled.mostFrames, most < count {
            guard settings.allowsShort, most > 0, limit <= filled.end else {
                throw await tooShort(count, rate, filled)
            }
            count = most - (most - 1) % settings.frameStep
        }
        return CutPlan(
            source: source,
            settings: settings,
            requested: requested,
            firstTimestamp: first,
            seek: times.seek,
            frameCount: count,
            frameRate: rate,
            placing: filled.shift(count).map { .each(shift: Int($0 / rate.value * 1e6)) }
                ?? .shown(tolerance: clock.step + 2),
            audio: try audio(from: first, frames: count, rate, isShort: count < wantedFrames(rate)),
            geometry: try FrameGeometry(source, settings)
        )
    }

    private func frameRate() throws -> Rational {
        if let rate = settings.frameRate { return rate }
        if let rate = FrameRate.average(of: source.video) { return rate }
        throw EightCutError(
            .inputUnusable,
            "cannot cut",
            on: source.path.string,
            because: "its frame rate is unknown",
            remedy: "Set the frame rate of the clip."
        )
    }

    private func wantedFrames(_ rate: Rational) -> Int { settings.frameCount(at: rate) }

    private func audio(
        from first: Int,
        frames: Int,
        _ rate: Rational,
        isShort: Bool
    ) throws -> AudioPlan? {
        guard settings.audio != .none, let stream = try source.audioStream(settings.audioStream)
        else { return nil }
        let sampleRate = AudioPlan.rate(
            settings.sampleRate ?? stream.sampleRate,
            as: settings.form == .video ? settings.audio : .pcm
        )
        let covering = CutLength.samples(covering: frames, at: rate, sampleRate: sampleRate)
        let wanted = CutLength.samples(in: settings.duration, sampleRate: sampleRate)
        let samples =
            Int128(first) * Int128(source.timeBase.numerator) * Int128(stream.sampleRate) * 2
            / Int128(source.timeBase.denominator)
        let layout = AudioPlan.layout(stream, settings)
        return AudioPlan(
            stream: stream,
            firstSample: Int(clamping: (samples + 1) >> 1),
            sampleCount: isShort ? covering : max(covering, wanted),
            sampleRate: sampleRate,
            sourceLayout: layout,
            layout: settings.channels.map { $0 == 1 ? .mono : .stereo } ?? layout,
            channel: settings.channel,
            isHeardAsMono: settings.profile.flatMap { ExportProfile.named($0) }?.mixesToMono == true
        )
    }

    private func pastTheEnd(_ why: String) -> EightCutError {
        EightCutError(.inputUnusable, "cannot cut", on: source.path.string, because: why)
    }

    /// The error for a clip that goes past the end, which names the last start that works.
    private func tooShort(
        _ count: Int,
        _ rate: Rational,
        _ filled: FilledLength
    ) async -> EightCutError {
        let length = Int((Double(count) / rate.value * 1e6).rounded(.up))
        let end = clock.microseconds(filled.end)
        var remedy: MessageText = "The whole video is shorter than the clip: allow a shorter clip."
        if let times = try? await FrameTimesProbe(source).times(
            from: max(source.startTime, end - length - 1_000_000),
            to: end
        ), let last = filled.lastStart(count, in: times.timestamps) {
            let nanoseconds = max(0, clock.microseconds(last) + 1 - source.origin) * 1000
            remedy =
                "The last start that works is \(ClipStart.clock(nanoseconds: nanoseconds)), "
                + "unless you allow a shorter clip."
        }
        let seconds = (Double(count) / rate.value * 1000).rounded() / 1000
        let whole = ClipStart.clock(nanoseconds: max(0, end - source.origin) / 1000 * 1_000_000)
        return EightCutError(
            .inputUnusable,
            "cannot cut",
            on: source.path.string,
            because:
                "a clip of \(seconds) s from there would go past the end of the video at \(whole)",
            remedy: remedy
        )
    }
}

/// How much of a clip its source can fill.
struct FilledLength: Sendable {
    private let timestamps: ArraySlice<Int>
    private let first: Int
    /// Frames per step of the source's time base.
    private let perStep: Double
    private let times: FrameTimes
    /// The timestamp at which the source ends, or that of the last known frame.
    let end: Int

    /// Reads the frames from `first` on.
    init(_ source: MediaSource, _ times: FrameTimes, first: Int, rate: Rational) {
        self.times = times
        self.first = first
        timestamps = times.timestamps.drop { $0 < first }
        perStep = rate.value * source.timeBase.value
        let usual = 1 / ((source.video.frameRate?.value ?? rate.value) * source.timeBase.value)
        let shown = times.lastDuration.flatMap { $0 > 0 ? $0 : nil } ?? Int(usual.rounded())
        end = (times.timestamps.last ?? first) + shown
    }

    /// The most frames that a clip from `first` can have; nil when the end is not known.
    ///
    /// The last frame of the clip must begin while the source still shows one. A quarter of a frame
    /// is left for times that were rounded.
    var mostFrames: Int? {
        guard times.isEnd else { return nil }
        return max(0, Int((Double(end - first) * perStep - 0.25).rounded(.up)))
    }

    /// The last frame from which a clip of so many frames can be cut.
    func lastStart(_ count: Int, in timestamps: [Int]) -> Int? {
        timestamps.last { Double(end - $0) * perStep - 0.25 > Double(count - 1) }
    }

    /// How far frames must be moved, in frames, so that every frame of the source is less than half
    /// a frame from its own place in the clip; nil when there is no such distance.
    ///
    /// So timestamps that jitter, as those of phones do, lose no frame and show none twice.
    func shift(_ count: Int) -> Double? {
        let distances = zip(0..., timestamps.prefix(count)).map { place, timestamp in
            Double(timestamp - first) * perStep - Double(place)
        }
        guard let least = distances.min(), let most = distances.max(), most - least < 0.9 else {
            return nil
        }
        return -(least + most) / 2
    }
}
