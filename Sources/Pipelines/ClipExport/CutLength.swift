import Media

/// Frame and sample counts of a length. All of it is exact: no floating point.
package enum CutLength {
    /// ceil(duration × rate), at least 1.
    ///
    /// - Parameters:
    ///   - duration: in seconds.
    ///   - rate: frame rate in fps.
    /// - Returns: the frame count.
    package static func frames(in duration: Rational, at rate: Rational) -> Int {
        ceiling(
            Int128(duration.numerator) * Int128(rate.numerator),
            Int128(duration.denominator) * Int128(rate.denominator)
        )
    }

    /// The least number of samples that lasts as long as some frames.
    ///
    /// - Parameters:
    ///   - frames: the frame count.
    ///   - rate: frame rate in fps.
    ///   - sampleRate: sample rate in Hz.
    /// - Returns: the number of samples per channel.
    package static func samples(covering frames: Int, at rate: Rational, sampleRate: Int) -> Int {
        ceiling(
            Int128(frames) * Int128(rate.denominator) * Int128(sampleRate),
            Int128(rate.numerator)
        )
    }

    /// The least number of samples that lasts a time.
    ///
    /// - Parameters:
    ///   - duration: in seconds.
    ///   - sampleRate: sample rate in Hz.
    /// - Returns: the number of samples per channel.
    package static func samples(in duration: Rational, sampleRate: Int) -> Int {
        ceiling(Int128(duration.numerator) * Int128(sampleRate), Int128(duration.denominator))
    }

    private static func ceiling(_ numerator: Int128, _ denominator: Int128) -> Int {
        max(1, Int(clamping: (numerator + denominator - 1) / denominator))
    }
}
