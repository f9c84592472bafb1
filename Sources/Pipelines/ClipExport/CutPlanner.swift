import DatasetProfiles
import Diagnostics
import Media

/// Finds out which frames and samples a clip consists of.
package struct CutPlanner: Sendable {
    private let source: MediaSource
    private let settings: CutSettings
    private let index: FrameIndex
    private let clock: TimestampClock

    /// Plans clips of a source; they share its index.
    package init(_ source: MediaSource, _ settings: CutSettings, _ index: FrameIndex) {
        self.source = source
        self.settings = settings
        self.index = index
        clock = TimestampClock(source)
    }

    /// What has to be read of the source for a clip, in microseconds of its timestamps; nil for a
    /// start that is a frame's number.
    ///
    /// - Throws: `EightCutError` when there is no frame rate.
    func span(_ start: ClipStart) throws -> ClosedRange<Int>? {
        try requireUsualTimes()
        guard let requested = try requested(start) else { return nil }
        return requested...requested + length(try frameRate())
    }

    /// Plans one clip.
    ///
    /// - Parameters:
    ///   - start: where it begins.
    ///   - seconds: how far times are read at least, for `CutPlan.shown` of a longer clip.
    /// - Returns: the plan.
    /// - Throws: `EightCutError` when the source does not go so far, or cannot be read.
    package func plan(_ start: ClipStart, reading seconds: Double = 0) async throws -> CutPlan {
        try requireUsualTimes()
        let rate = try frameRate()
        let audio =
            try settings.audio == .none ? nil : source.audioStream(settings.audioStream)?.index
        switch start {
        case .time, .timecode:
            let requested = try requested(start) ?? 0
            let times = try await index.times(
                from: requested,
                to: requested + max(length(rate), Int((seconds * 1e6).rounded(.up))),
                audio: audio
            )
            let place = try place(in: times, at: requested)
            return try await plan(requested, times, place, rate)
        case .frame(let number):
            let (times, place) = try await index.times(
                ofFrame: number,
                length: length(rate),
                audio: audio
            )
            guard times.timestamps.indices.contains(place) else {
                throw pastTheEnd(
                    "the video has \(times.timestamps.count) frames, counted from 0"
                )
            }
            let requested = clock.microseconds(times.timestamps[place])
            return try await plan(requested, times, place, rate)
        }
    }

    /// A start in microseconds of the file's timestamps; nil for a frame's number.
    private func requested(_ start: ClipStart) throws -> Int? {
        switch start {
        case .time(let nanoseconds): source.origin + nanoseconds / 1000
        case .timecode(let code): source.origin + (try code.nanoseconds(in: source)) / 1000
        case .frame: nil
        }
    }

    /// Microseconds that a clip takes of the source.
    private func length(_ rate: Rational) -> Int {
        Int((Double(wantedFrames(rate)) / rate.value * 1e6).rounded(.up))
    }

    /// The place of the frame that is shown at a time: the last one that is not later.
    private func place(in times: FrameTimes, at requested: Int) throws -> Int {
        let limit = clock.timestamp(shownAt: requested)
        guard !times.timestamps.isEmpty else { throw pastTheEnd("no frame was found there") }
        return times.timestamps.lastIndex { $0 <= limit } ?? 0
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
    func plan(again plan: CutPlan) async throws -> CutPlan {
        let times = try await index.decodedTimes(
            to: plan.requested + length(plan.frameRate),
            audio: plan.audio?.stream.index
        )
        let place = try place(in: times, at: plan.requested)
        return try await self.plan(plan.requested, times, place, plan.frameRate)
    }

    private func plan(
        _ requested: Int,
        _ times: FrameTimes,
        _ place: Int,
        _ rate: Rational
    ) async throws -> CutPlan {
        let first = times.timestamps[place]
        guard clock.microseconds(first).magnitude < 60_000_000_000_000_000,
            clock.microseconds(first) - source.origin < 100_000_000_000_000
        else {
            throw pastTheEnd("no frame was found there")
        }
        let filled = FilledLength(source, times, place: place, rate: rate)
        var count = wantedFrames(rate)
        if let most = filled.mostFrames, most < count {
            let isInside = clock.timestamp(shownAt: requested) <= filled.end
            guard settings.allowsShort, most > 0, isInside else {
                throw await tooShort(count, rate, filled, isInside: isInside)
            }
            count = most - (most - 1) % settings.frameStep
        }
        try checkPath(count)
        let cut = times.cutTimestamps ?? times.timestamps
        let placement = FramePlacement(source, times, place: place, count: count, rate: rate)
        guard placement.showsFirst else {
            throw EightCutError(
                .inputUnusable,
                "cannot cut",
                on: source.path.string,
                because:
                    "frame \(place) is shown for no time: the next one has the same timestamp, "
                    + "or an earlier one",
                remedy: "Start at the frame after it."
            )
        }
        return CutPlan(
            source: source,
            settings: settings,
            requested: requested,
            firstTimestamp: first,
            cutTimestamp: cut.indices.contains(place) ? cut[place] : first,
            firstNumber: times.isCounted ? place : nil,
            reading: times.reading,
            frameCount: count,
            frameRate: rate,
            placing: placement.placing,
            uneven: placement.uneven,
            audio: try self.audio(
                from: cut.indices.contains(place) ? cut[place] : first,
                frames: count,
                rate,
                isShort: count < wantedFrames(rate)
            ),
            geometry: try FrameGeometry(source, settings),
            times: (times, place)
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
        let rule = settings.profile.flatMap { DatasetProfile.named($0) }?.clip
        let isTooWide = rule?.mostChannels.map { $0 < layout.channels } == true
        return AudioPlan(
            stream: stream,
            firstSample: Int(clamping: (samples + 1) >> 1),
            sampleCount: isShort ? covering : max(covering, wanted),
            sampleRate: sampleRate,
            sourceLayout: layout,
            layout: settings.channels.map { $0 == 1 ? .mono : .stereo }
                ?? (isTooWide ? .stereo : layout),
            channel: settings.channel,
            isHeardAsMono: rule?.mixesToMono == true
        )
    }

    /// Makes sure that a crop that moves has a place on every frame.
    private func checkPath(_ count: Int) throws {
        guard let path = settings.path, path.count != count || count > CropPath.mostFrames else {
            return
        }
        throw EightCutError(
            .usage,
            "cannot cut",
            on: source.path.string,
            because: path.count == count
                ? "a crop that follows an object is limited to \(CropPath.mostFrames) frames"
                : "its crop follows an object for \(path.count) frames, and the clip has \(count)",
            remedy: "Choose another crop."
        )
    }

    private func pastTheEnd(_ why: String) -> EightCutError {
        EightCutError(
            .inputUnusable,
            "cannot cut",
            on: source.path.string,
            because: why,
            remedy: "Choose a start before that."
        )
    }

    /// The error for a clip that goes past the end, which names the last start that works.
    private func tooShort(
        _ count: Int,
        _ rate: Rational,
        _ filled: FilledLength,
        isInside: Bool
    ) async -> EightCutError {
        let end = clock.microseconds(filled.end)
        var remedy: MessageText = "The whole video is shorter than the clip: allow a shorter clip."
        if let last = await lastStart(count, rate, filled, end: end) {
            let start = clockText(clock.microseconds(last))
            remedy =
                settings.allowsShort
                ? "The last start that works is \(start)."
                : "The last start that works is \(start), unless you allow a shorter clip."
        } else if settings.allowsShort {
            remedy = "Choose a start before that."
        }
        let seconds = (Double(count) / rate.value * 1000).rounded() / 1000
        let whole = clockText(source.origin + max(0, end - source.origin) / 1000 * 1000)
        return EightCutError(
            .inputUnusable,
            "cannot cut",
            on: source.path.string,
            because: isInside
                ? "a clip of \(seconds) s from there would go past the end of the video at \(whole)"
                : "the start is after the end of the video at \(whole)",
            remedy: remedy
        )
    }

    private func lastStart(
        _ count: Int,
        _ rate: Rational,
        _ filled: FilledLength,
        end: Int
    ) async -> Int? {
        let start = max(source.startTime, end - length(rate) - 1_000_000)
        let audio =
            try? settings.audio == .none ? nil : source.audioStream(settings.audioStream)?.index
        let times = try? await index.times(from: start, to: end, audio: audio)
        return times.flatMap { filled.lastStart(count, in: $0.timestamps) }
    }

    /// A timestamp in microseconds as a time from the start of the file.
    private func clockText(_ microseconds: Int) -> String {
        ClipStart.clock(nanoseconds: max(0, microseconds - source.origin) * 1000)
    }
}
