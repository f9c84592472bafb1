import Media

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
