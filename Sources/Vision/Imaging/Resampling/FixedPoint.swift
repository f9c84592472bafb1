/// Sums of samples and weights in two parts, and how they become samples again.
enum FixedPoint {
    /// The samples, 0...255, that two sums stand for.
    ///
    /// Whole numbers are read out of the significand of a number near 2^23, which takes one
    /// addition where a conversion takes several instructions a lane. The upper sum lies within
    /// -0.3...1.3 times 2^22, the lower one within ±2^22.
    ///
    /// - Parameters:
    ///   - high: the sum of the upper parts.
    ///   - low: the sum of the lower parts.
    ///   - precision: binary places of the weights.
    /// - Returns: the sums, rounded to whole samples.
    @inline(__always)
    static func samples(
        _ high: SIMD8<Float>,
        _ low: SIMD8<Float>,
        precision: Int32
    ) -> SIMD8<Int32> {
        let half: Int32 = 1 &<< (precision &- 1)
        let sum =
            whole(high, offset: 1 << 21) &<< ResamplingWeights.lowerPlaces
            &+ whole(low, offset: 1 << 22) &+ half
        // Shifting out all but the sign gives a mask of lanes; comparing them, as `clamped` does,
        // takes one lane at a time.
        var sample = sum &>> precision
        sample &= ~(sample &>> 31)
        sample |= (255 &- sample) &>> 31
        sample &= 255
        return sample
    }

    /// Samples as floating-point numbers.
    @inline(__always)
    static func numbers(_ samples: SIMD8<Int32>) -> SIMD8<Float> {
        unsafeBitCast(samples | 0x4B00_0000, to: SIMD8<Float>.self) - Float(1 << 23)
    }

    @inline(__always)
    private static func whole(_ value: SIMD8<Float>, offset: Int32) -> SIMD8<Int32> {
        let moved = value + Float(1 << 23 + offset)
        return unsafeBitCast(moved, to: SIMD8<Int32>.self) &- (0x4B00_0000 + offset)
    }
}
