import Media

/// How much of a clip its source can fill.
struct FilledLength: Sendable {
    private let first: Int
    /// Frames per step of the source's time base.
    private let perStep: Double
    private let times: FrameTimes
    /// The timestamp at which the source ends, or that of the last known frame.
    let end: Int

    /// Reads the frames from a place on.
    init(_ source: MediaSource, _ times: FrameTimes, place: Int, rate: Rational) {
        self.times = times
        first = times.timestamps[place]
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
}

/// How the frames of a source are placed in a clip of constant rate.
struct FramePlacement: Sendable {
    let placing: CutPlan.Placing
    /// How many frames of the source are shown twice or not at all; nil where each is shown once.
    let uneven: UnevenFrames?
    /// Whether the clip begins with the frame that it should.
    let showsFirst: Bool
    /// For each frame of the clip the frame of the source, counted from the first one.
    let shown: [Int]

    init(
        _ source: MediaSource,
        _ times: FrameTimes,
        place: Int,
        count: Int,
        rate: Rational
    ) {
        let perStep = rate.value * source.timeBase.value
        let timestamps = Array(times.timestamps[place...])
        let next = timestamps.dropFirst().first
        let isShown = next.map { $0 > timestamps[0] } ?? true
        let oneByOne = (0..<count).map { min($0, timestamps.count - 1) }
        if let shift = Self.shift(Array(timestamps.prefix(count)), perStep) {
            placing = .each(shift: Int(shift / rate.value * 1e6))
            uneven = nil
            showsFirst = isShown
            shown = oneByOne
            return
        }
        if times.isCounted, Self.isConstant(Array(timestamps.prefix(count)), perStep) {
            placing = .numbered
            uneven = nil
            showsFirst = true
            shown = oneByOne
            return
        }
        showsFirst = isShown
        let tolerance = Self.tolerance(source, timestamps)
        placing = .shown(tolerance: tolerance)
        let slack = Double(tolerance) / 1e6 / source.timeBase.value
        shown = Self.shown(timestamps, perStep, count, slack)
        uneven = UnevenFrames(timestamps, shown, tick: source.timeBase.value)
    }

    /// The last frames that are not later than those of the clip, by more than a slack.
    private static func shown(
        _ timestamps: [Int],
        _ perStep: Double,
        _ count: Int,
        _ slack: Double
    ) -> [Int] {
        var next = 0
        return (0..<min(count, 100_000)).map { place in
            let limit = Double(place) / perStep + slack
            while next + 1 < timestamps.count,
                Double(timestamps[next + 1] - timestamps[0]) <= limit
            {
                next += 1
            }
            return next
        }
    }

    /// How far frames must be moved, in frames, so that every frame of the source is less than half
    /// a frame from its own place in the clip; nil when there is no such distance.
    ///
    /// So timestamps that jitter, as those of phones do, lose no frame and show none twice.
    private static func shift(_ timestamps: [Int], _ perStep: Double) -> Double? {
        let distances = zip(0..., timestamps).map { place, timestamp in
            Double(timestamp - timestamps[0]) * perStep - Double(place)
        }
        guard let least = distances.min(), let most = distances.max(), most - least < 0.9 else {
            return nil
        }
        return -(least + most) / 2
    }

    /// Whether the frames are shown at the rate of the clip, but for the rounding of their times
    /// and for places where files were joined.
    private static func isConstant(_ timestamps: [Int], _ perStep: Double) -> Bool {
        let steps = zip(timestamps, timestamps.dropFirst()).map { Double($1 - $0) * perStep }
        let goesUp = steps.allSatisfy { $0 > 0 }
        guard !goesUp, !steps.isEmpty else { return false }
        let irregular = steps.count { abs($0 - 1) >= 0.5 + perStep }
        return irregular <= max(3, steps.count / 10) && irregular * 2 < steps.count
    }

    /// How far a time may be off because it was rounded, in microseconds. Where frames last whole
    /// ticks, or few, nothing was rounded.
    private static func tolerance(_ source: MediaSource, _ timestamps: [Int]) -> Int {
        let perFrame = [source.nominalRate, source.video.frameRate].compactMap { rate in
            rate.map { 1 / ($0.value * source.timeBase.value) }
        }
        let intervals = zip(timestamps, timestamps.dropFirst()).map { $1 - $0 }
        let isWhole = perFrame.contains { $0 > 0.999 && abs($0 - $0.rounded()) < 1e-6 }
        guard !isWhole, let least = intervals.min(), least > 2 else { return 2 }
        let step = TimestampClock(source).step
        return min(step, least * step / 8) + 2
    }
}

/// Frames of a source that a clip of constant rate does not show once each.
package struct UnevenFrames: Sendable, Equatable {
    /// Frames that the clip shows more than once, and how often more.
    package let repeated: Int
    /// Frames that it does not show.
    package let skipped: Int
    /// Frames per second of most of them.
    package let usualRate: Double

    /// - Parameters:
    ///   - timestamps: those of the source from the clip's first frame on.
    ///   - shown: for each frame of the clip the place of the source's.
    ///   - tick: a step of the source's time base in seconds.
    init?(_ timestamps: [Int], _ shown: [Int], tick: Double) {
        let steps = zip(shown, shown.dropFirst()).map { $1 - $0 }
        repeated = steps.count { $0 == 0 }
        skipped = steps.reduce(0) { $0 + max(0, $1 - 1) }
        let used = timestamps.prefix((shown.last ?? 0) + 2)
        let intervals = zip(used, used.dropFirst()).map { $1 - $0 }.sorted()
        guard repeated + skipped > 0, let median = intervals.dropFirst(intervals.count / 2).first,
            median > 0
        else { return nil }
        usualRate = 1 / (Double(median) * tick)
    }
}
