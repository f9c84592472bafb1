import Glibc

/// The spectra of four pieces of a signal at once, by a radix-4 fast Fourier transform.
///
/// Each lane of a vector belongs to one piece, so that nothing but arithmetic on whole vectors is
/// needed. The samples of a piece are transformed as half as many complex numbers (Press et al.:
/// "Numerical Recipes", section 12.3.2).
package struct FourierTransform: Sendable {
    /// One value of each piece.
    package typealias Lanes = SIMD4<Float>

    /// Samples of a piece, a power of two.
    package let size: Int
    /// Half as many complex numbers.
    private let length: Int
    private var real: [Lanes]
    private var imaginary: [Lanes]
    /// For each stage and butterfly: cosine and negative sine of the angle, of twice and three times
    /// the angle.
    private let twiddles: [Float]
    /// Where the transform leaves each frequency.
    private let places: [Int]
    private let cosines: [Float]
    private let sines: [Float]

    /// - Parameter exponent: the binary logarithm of the number of samples, at least 3.
    package init(exponent: Int) {
        size = 1 << exponent
        length = size / 2
        let zeros = [Lanes](repeating: .zero, count: length)
        (real, imaginary) = (zeros, zeros)
        places = (0..<length).map { [length] in Self.place(of: $0, length) }
        let angles = (0...length / 2).map { [size] in 2 * Double.pi * Double($0) / Double(size) }
        cosines = angles.map { Float(cos($0)) }
        sines = angles.map { Float(-sin($0)) }
        var twiddles: [Float] = []
        var block = length
        while block >= 4 {
            for index in 0..<block / 4 {
                for multiple in 1...3 {
                    let angle = 2 * Double.pi * Double(index * multiple) / Double(block)
                    twiddles += [Float(cos(angle)), Float(-sin(angle))]
                }
            }
            block /= 4
        }
        self.twiddles = twiddles
    }

    /// Where a frequency is after the stages for so many complex numbers: its digits to base 4 are in
    /// the reverse order.
    private static func place(of frequency: Int, _ length: Int) -> Int {
        guard length >= 4 else { return frequency }
        return frequency % 4 * (length / 4) + place(of: frequency / 4, length / 4)
    }

    /// The squared magnitudes of the frequencies from 0 to half the sample rate, of four pieces.
    ///
    /// - Parameters:
    ///   - samples: the signal.
    ///   - starts: where the pieces begin in it; each has `size` samples.
    ///   - window: [size], what the samples are multiplied by.
    ///   - power: [size / 2 + 1], takes the result.
    package mutating func power(
        of samples: UnsafeBufferPointer<Float>,
        at starts: SIMD4<Int>,
        window: [Float],
        into power: inout [Lanes]
    ) {
        precondition(window.count == size && power.count == length + 1)
        precondition(starts.min() >= 0 && starts.max() + size <= samples.count)
        let length = length
        real.withUnsafeMutableBufferPointer { real in
            imaginary.withUnsafeMutableBufferPointer { imaginary in
                for index in 0..<length {
                    let place = starts &+ 2 * index
                    let even = Lanes(
                        samples[place[0]],
                        samples[place[1]],
                        samples[place[2]],
                        samples[place[3]]
                    )
                    let odd = Lanes(
                        samples[place[0] + 1],
                        samples[place[1] + 1],
                        samples[place[2] + 1],
                        samples[place[3] + 1]
                    )
                    real[index] = even * window[2 * index]
                    imaginary[index] = odd * window[2 * index + 1]
                }
                Self.transform(real, imaginary, twiddles)
                power.withUnsafeMutableBufferPointer {
                    Self.unpack(real, imaginary, places, cosines, sines, into: $0)
                }
            }
        }
    }

    /// The squared magnitude of the frequencies from 0 to half the sample rate, of one piece.
    ///
    /// - Parameter samples: [size].
    /// - Returns: [size / 2 + 1].
    package mutating func power(_ samples: [Float]) -> [Float] {
        var power = [Lanes](repeating: .zero, count: length + 1)
        let ones = [Float](repeating: 1, count: size)
        samples.withUnsafeBufferPointer {
            self.power(of: $0, at: .zero, window: ones, into: &power)
        }
        return power.map { $0[0] }
    }

    /// Transforms complex numbers in place; the frequencies are at their `place`.
    private static func transform(
        _ real: UnsafeMutableBufferPointer<Lanes>,
        _ imaginary: UnsafeMutableBufferPointer<Lanes>,
        _ twiddles: [Float]
    ) {
        let length = real.count
        var block = length
        var next = 0
        while block >= 4 {
            let quarter = block / 4
            for index in 0..<quarter {
                let (c1, s1) = (twiddles[next], twiddles[next + 1])
                let (c2, s2) = (twiddles[next + 2], twiddles[next + 3])
                let (c3, s3) = (twiddles[next + 4], twiddles[next + 5])
                next += 6
                for a in stride(from: index, to: length, by: block) {
                    let (b, c, d) = (a + quarter, a + 2 * quarter, a + 3 * quarter)
                    let (sumRe, sumIm) = (real[a] + real[c], imaginary[a] + imaginary[c])
                    let (gapRe, gapIm) = (real[a] - real[c], imaginary[a] - imaginary[c])
                    let (oddRe, oddIm) = (real[b] + real[d], imaginary[b] + imaginary[d])
                    // Times -i.
                    let (turnRe, turnIm) = (imaginary[b] - imaginary[d], real[d] - real[b])
                    (real[a], imaginary[a]) = (sumRe + oddRe, sumIm + oddIm)
                    let (re1, im1) = (gapRe + turnRe, gapIm + turnIm)
                    let (re2, im2) = (sumRe - oddRe, sumIm - oddIm)
                    let (re3, im3) = (gapRe - turnRe, gapIm - turnIm)
                    (real[b], imaginary[b]) = (re1 * c1 - im1 * s1, re1 * s1 + im1 * c1)
                    (real[c], imaginary[c]) = (re2 * c2 - im2 * s2, re2 * s2 + im2 * c2)
                    (real[d], imaginary[d]) = (re3 * c3 - im3 * s3, re3 * s3 + im3 * c3)
                }
            }
            block = quarter
        }
        guard block == 2 else { return }
        for index in stride(from: 0, to: length, by: 2) {
            let (re, im) = (real[index + 1], imaginary[index + 1])
            (real[index + 1], imaginary[index + 1]) = (real[index] - re, imaginary[index] - im)
            real[index] += re
            imaginary[index] += im
        }
    }

    /// Squared magnitudes of the real signal's frequencies from those of the complex numbers.
    private static func unpack(
        _ real: UnsafeMutableBufferPointer<Lanes>,
        _ imaginary: UnsafeMutableBufferPointer<Lanes>,
        _ places: [Int],
        _ cosines: [Float],
        _ sines: [Float],
        into power: UnsafeMutableBufferPointer<Lanes>
    ) {
        let length = real.count
        let (sum, gap) = (real[0] + imaginary[0], real[0] - imaginary[0])
        (power[0], power[length]) = (sum * sum, gap * gap)
        for index in 1...length / 2 {
            let (low, high) = (places[index], places[length - index])
            let evenRe = (real[low] + real[high]) * 0.5
            let evenIm = (imaginary[low] - imaginary[high]) * 0.5
            let oddRe = (imaginary[low] + imaginary[high]) * 0.5
            let oddIm = (real[high] - real[low]) * 0.5
            let (c, s) = (cosines[index], sines[index])
            let (re, im) = (oddRe * c - oddIm * s, oddRe * s + oddIm * c)
            let (lowRe, lowIm) = (evenRe + re, evenIm + im)
            let (highRe, highIm) = (evenRe - re, evenIm - im)
            power[length - index] = highRe * highRe + highIm * highIm
            power[index] = lowRe * lowRe + lowIm * lowIm
        }
    }
}
