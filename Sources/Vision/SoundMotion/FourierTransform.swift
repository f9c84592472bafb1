import Glibc

/// The spectrum of short pieces of a signal, by a radix-2 fast Fourier transform.
struct FourierTransform {
    /// Samples of a piece, a power of two.
    let size: Int
    private let cosines: [Float]
    private let sines: [Float]

    /// - Parameter exponent: the binary logarithm of the number of samples.
    init(exponent: Int) {
        let size = 1 << exponent
        self.size = size
        let angles = (0..<size / 2).map { 2 * Double.pi * Double($0) / Double(size) }
        cosines = angles.map { Float(cos($0)) }
        sines = angles.map { Float(-sin($0)) }
    }

    /// The squared magnitude of the frequencies from 0 to half the sample rate.
    ///
    /// - Parameter samples: [size].
    /// - Returns: [size / 2 + 1].
    func power(_ samples: [Float]) -> [Float] {
        var real = samples
        var imaginary = [Float](repeating: 0, count: size)
        swapReversed(&real)
        var half = 1
        while half < size {
            let step = size / (2 * half)
            for start in stride(from: 0, to: size, by: 2 * half) {
                for index in 0..<half {
                    let (upper, lower) = (start + index, start + index + half)
                    let (c, s) = (cosines[index * step], sines[index * step])
                    let re = real[lower] * c - imaginary[lower] * s
                    let im = real[lower] * s + imaginary[lower] * c
                    (real[lower], imaginary[lower]) = (real[upper] - re, imaginary[upper] - im)
                    real[upper] += re
                    imaginary[upper] += im
                }
            }
            half *= 2
        }
        return (0...size / 2).map { real[$0] * real[$0] + imaginary[$0] * imaginary[$0] }
    }

    /// Puts each sample at the place whose number has its bits in the reverse order.
    private func swapReversed(_ samples: inout [Float]) {
        var reversed = 0
        for index in 1..<size {
            var bit = size / 2
            while reversed & bit != 0 {
                reversed ^= bit
                bit /= 2
            }
            reversed |= bit
            if index < reversed { samples.swapAt(index, reversed) }
        }
    }
}
