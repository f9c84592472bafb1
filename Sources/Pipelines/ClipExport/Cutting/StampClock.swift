import Media

/// Turns time stamps of a video stream into microseconds and back.
struct TimestampClock: Sendable {
    private let numerator: Int128
    private let denominator: Int128

    init(_ source: MediaSource) {
        numerator = Int128(source.timeBase.numerator) * 1_000_000
        denominator = Int128(source.timeBase.denominator)
    }

    /// A time stamp in microseconds, rounded to the nearest.
    func microseconds(_ stamp: Int) -> Int {
        let value = Int128(stamp) * numerator
        let half = value >= 0 ? denominator / 2 : -denominator / 2
        return Int(clamping: (value + half) / denominator)
    }

    /// The last time stamp that is no later than a time.
    func timestamp(noLaterThan microseconds: Int) -> Int {
        let value = Int128(microseconds) * denominator
        let quotient = value / numerator
        return Int(clamping: value % numerator < 0 ? quotient - 1 : quotient)
    }

    /// How long one step of the time base is, in microseconds, rounded up.
    var step: Int { Int(clamping: (numerator + denominator - 1) / denominator) }
}
