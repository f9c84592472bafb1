import Diagnostics
import Media

/// Finds out which pictures and samples a clip consists of.
package struct CutPlanner: Sendable {
    private let source: MediaSource
    private let settings: CutSettings
    private let clock: TimestampClock

    /// Plans clips of one video.
    package init(_ source: MediaSource, _ settings: CutSettings) {
        self.source = source
        self.settings = settings
        clock = TimestampClock(source)
    }

    /// Plans one.
    ///
    /// - Parameter start: where it begins.
    /// - Returns: the plan.
    /// - Throws: `EightCutError` when the source does not go so far, or cannot be read.
    package func plan(_ start: ClipStart) async throws -> CutPlan {
        let rate = try frameRate()
        let probe = FrameTimesProbe(source)
        let asked: Int
        switch start {
        case .time(let nanoseconds): asked = source.origin + nanoseconds / 1000
        case .frame(let number):
            let times = try await probe.firstTimes(number + 1)
            guard number < times.timestamps.count else {
                throw pastTheEnd("the video has \(times.timestamps.count) frames")
            }
            // The middle of a step of the time base: rounding cannot lead to the picture before.
            asked = clock.microseconds(times.timestamps[number]) + min(clock.step / 2, 500)
        }
        let length = Int((Double(wantedFrames(rate)) / rate.value * 1e6).rounded(.up))
        let times = try await probe.times(from: asked, to: asked + length)
        return try await plan(asked, times, rate)
    }

    /// Plans one again, with the times of decoded pictures.
    func plan(again plan: CutPlan, _ times: FrameTimes) async throws -> CutPlan {
        try await self.plan(plan.asked, times, plan.frameRate)
    }

    private func plan(
        _ asked: Int,
        _ times: FrameTimes,
        _ rate: Rational
    ) async throws -> CutPlan {
        // ffprobe and others print times in microseconds: one that was rounded down still means
        // its picture.
        let limit = clock.timestamp(noLaterThan: asked + 1)
        guard let first = times.timestamps.last(where: { $0 <= limit }) ?? times.timestamps.first
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
            asked: asked,
            firstTimestamp: first,
            jump: times.seek,
            frameCount: count,
            frameRate: rate,
            placing: filled.shift(count).map { .each(shift: Int($0 / rate.value * 1e6)) }
                ?? .shown(tolerance: clock.step + 2),
            audio: try audio(from: first, frames: count, rate, isShort: count < wantedFrames(rate)),
            shape: try FrameGeometry(source, settings)
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
            remedy: "Set the frame rate of the clip with --fps."
        )
    }

    private func wantedFrames(_ rate: Rational) -> Int {
        let count = CutLength.frames(in: settings.duration, at: rate)
        let step = settings.frameStep
        return (count - 1 + step - 1) / step * step + 1
    }

    private func audio(
        from first: Int,
        frames: Int,
        _ rate: Rational,
        isShort: Bool
    ) throws -> AudioPlan? {
        guard settings.audio != .none, let stream = try audioStream() else { return nil }
        let sampleRate = AudioPlan.rate(
            settings.sampleRate ?? stream.sampleRate,
            as: settings.form == .video ? settings.audio : .pcm
        )
        let covering = CutLength.samples(covering: frames, at: rate, sampleRate: sampleRate)
        let wanted = CutLength.samples(in: settings.duration, sampleRate: sampleRate)
        let samples =
            Int128(first) * Int128(source.timeBase.numerator) * Int128(stream.sampleRate) * 2
            / Int128(source.timeBase.denominator)
        return AudioPlan(
            stream: stream,
            firstSample: Int(clamping: (samples + 1) >> 1),
            sampleCount: isShort ? covering : max(covering, wanted),
            sampleRate: sampleRate,
            channels: AudioPlan.channels(stream, settings)
        )
    }

    private func audioStream() throws -> AudioStream? {
        guard let number = settings.audioStream else { return source.defaultAudioStream }
        guard source.audioStreams.indices.contains(number) else {
            throw EightCutError(
                .usage,
                "cannot use audio stream \(number)",
                on: source.path.string,
                because: source.audioStreams.isEmpty
                    ? "it has no audio stream"
                    : "it has \(source.audioStreams.count) audio streams, counted from 0",
                remedy: "Omit --audio-stream to use the default stream."
            )
        }
        return source.audioStreams[number]
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
        var remedy = "The whole video is shorter than the clip; --allow-short takes what there is."
        if let times = try? await FrameTimesProbe(source).times(
            from: max(source.startTime, end - length - 1_000_000),
            to: end
        ), let last = filled.lastStart(count, in: times.timestamps) {
            let nanoseconds = max(0, clock.microseconds(last) + 1 - source.origin) * 1000
            remedy =
                "The last start that works is \(ClipStart.clock(nanoseconds: nanoseconds)); "
                + "--allow-short takes what there is."
        }
        let seconds = (Double(count) / rate.value * 1000).rounded() / 1000
        let whole = ClipStart.clock(nanoseconds: max(0, end - source.origin) / 1000 * 1_000_000)
        return EightCutError(
            .inputUnusable,
            "cannot cut",
            on: source.path.string,
            because:
                "a clip of \(seconds) s from there would end after the end of the video at \(whole)",
            remedy: remedy
        )
    }
}

/// How much of a clip its source can fill.
struct FilledLength: Sendable {
    private let stamps: ArraySlice<Int>
    private let first: Int
    /// Pictures per step of the source's time base.
    private let perStep: Double
    private let times: FrameTimes
    /// The time stamp at which the source ends, or that of the last picture that is known.
    let end: Int

    /// Looks at the pictures from `first` on.
    init(_ source: MediaSource, _ times: FrameTimes, first: Int, rate: Rational) {
        self.times = times
        self.first = first
        stamps = times.timestamps.drop { $0 < first }
        perStep = rate.value * source.timeBase.value
        let usual = 1 / ((source.video.frameRate?.value ?? rate.value) * source.timeBase.value)
        let shown = times.lastDuration.flatMap { $0 > 0 ? $0 : nil } ?? Int(usual.rounded())
        end = (times.timestamps.last ?? first) + shown
    }

    /// The most pictures that a clip from `first` can have; nil when the end is not in sight.
    ///
    /// The last picture of the clip must begin while the source still shows something. A quarter
    /// of a picture is left for times that were rounded.
    var mostFrames: Int? {
        guard times.isEnd else { return nil }
        return max(0, Int((Double(end - first) * perStep - 0.25).rounded(.up)))
    }

    /// The last picture from which a clip of so many pictures can be cut.
    func lastStart(_ count: Int, in stamps: [Int]) -> Int? {
        stamps.last { Double(end - $0) * perStep - 0.25 > Double(count - 1) }
    }

    /// How far pictures must be moved, in parts of one, so that every picture of the source lies
    /// less than half a picture from its own place in the clip; nil when no such way leads there.
    ///
    /// Times that jitter, as those of telephones do, so lose no picture and show none twice.
    func shift(_ count: Int) -> Double? {
        let distances = zip(0..., stamps.prefix(count)).map { place, stamp in
            Double(stamp - first) * perStep - Double(place)
        }
        guard let least = distances.min(), let most = distances.max(), most - least < 0.9 else {
            return nil
        }
        return -(least + most) / 2
    }
}
