import Media

/// How many pictures and samples a length has. All of it is exact: no floating point.
package enum CutLength {
    /// ceil(duration × rate), at least 1.
    ///
    /// - Parameters:
    ///   - duration: in seconds.
    ///   - rate: pictures per second.
    /// - Returns: the number of pictures.
    package static func frames(in duration: Rational, at rate: Rational) -> Int {
        ceiling(
            Int128(duration.numerator) * Int128(rate.numerator),
            Int128(duration.denominator) * Int128(rate.denominator)
        )
    }

    /// The least number of samples that lasts as long as some pictures.
    ///
    /// - Parameters:
    ///   - frames: how many pictures.
    ///   - rate: pictures per second.
    ///   - sampleRate: samples per second.
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
    ///   - sampleRate: samples per second.
    /// - Returns: the number of samples per channel.
    package static func samples(in duration: Rational, sampleRate: Int) -> Int {
        ceiling(Int128(duration.numerator) * Int128(sampleRate), Int128(duration.denominator))
    }

    private static func ceiling(_ numerator: Int128, _ denominator: Int128) -> Int {
        max(1, Int(clamping: (numerator + denominator - 1) / denominator))
    }
}
