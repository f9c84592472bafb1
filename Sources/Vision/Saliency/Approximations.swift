/// Exponential function and logarithm by polynomials: the same bits on every processor, which the
/// system's mathematics library does not promise.
package enum Approximations {
    typealias Four = SIMD4<Float>

    /// e to the power of x, relative error below 1e-6; x is kept within -80…80.
    @inline(__always)
    static func exp(_ x: Four) -> Four {
        let limited = x.clamped(lowerBound: Four(repeating: -80), upperBound: Four(repeating: 80))
        // Adding 1.5 · 2²³ leaves the nearest whole number in the lowest bits.
        let shifted = limited * 1.442695041 + 12_582_912
        let whole = shifted - 12_582_912
        let rest = limited - whole * 0.693359375 + whole * 2.12194440e-4
        var sum = rest * (1 / 720) + (1 / 120)
        sum = sum * rest + (1 / 24)
        sum = sum * rest + (1 / 6)
        sum = sum * rest + 0.5
        sum = sum * rest + 1
        sum = sum * rest + 1
        let exponent = unsafeBitCast(shifted, to: SIMD4<UInt32>.self) &<< 23
        return unsafeBitCast(
            unsafeBitCast(sum, to: SIMD4<UInt32>.self) &+ exponent,
            to: Four.self
        )
    }

    /// The natural logarithm of positive, normal numbers; absolute error below 1e-6 near 1,
    /// relative elsewhere.
    @inline(__always)
    static func log(_ x: Four) -> Four {
        let bits = unsafeBitCast(x, to: SIMD4<UInt32>.self)
        // The mantissa between √½ and √2, and the power of two that belongs to it.
        let shifted = bits &- 0x3F35_04F3
        let exponent = unsafeBitCast(shifted, to: SIMD4<Int32>.self) &>> 23
        let mantissa = unsafeBitCast((shifted & 0x007F_FFFF) &+ 0x3F35_04F3, to: Four.self)
        let ratio = (mantissa - 1) / (mantissa + 1)
        let square = ratio * ratio
        var sum = square * (2.0 / 9) + (2.0 / 7)
        sum = sum * square + (2.0 / 5)
        sum = sum * square + (2.0 / 3)
        sum = sum * square + 2
        return Four(exponent) * 0.6931471806 + ratio * sum
    }

    /// The log odds of probabilities, which are kept away from 0 and 1.
    @inline(__always)
    static func logOdds(_ probability: Four) -> Four {
        let p = probability.clamped(
            lowerBound: Four(repeating: 0.01),
            upperBound: Four(repeating: 0.99)
        )
        return log(p / (1 - p))
    }

    /// The probability that belongs to log odds.
    @inline(__always)
    static func logistic(_ x: Four) -> Four { 1 / (1 + exp(-x)) }

    /// e to the power of a number, as above.
    package static func exp(_ x: Float) -> Float { exp(Four(repeating: x)).x }
    /// The natural logarithm of a number, as above.
    package static func log(_ x: Float) -> Float { log(Four(repeating: x)).x }
}
