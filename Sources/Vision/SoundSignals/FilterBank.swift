import Glibc

/// Logarithms of a signal's energy in 80 bands, as networks for speech take them: Kaldi's filter bank
/// at 16 kHz, with its defaults but for the dither. (https://github.com/kaldi-asr/kaldi:
/// `feat/feature-fbank.h`; Povey et al., 2011.)
///
/// A row is of 25 ms, and there is one every 10 ms as long as these are whole.
package struct FilterBank: Sendable, Equatable {
    /// The sample rate that it takes, in Hz.
    package static let sampleRate = 16_000
    /// Samples from one row to the next.
    package static let step = 160
    /// Samples that a row is made of.
    package static let length = 400
    /// Elements of a row.
    package static let bands = 80

    /// The samples from the next row's first on.
    private var samples: [Float] = []

    /// There were no samples before.
    package init() {}

    /// Takes the next samples.
    ///
    /// - Parameter next: from −1 to 1.
    /// - Returns: the rows that are finished, [rows, bands].
    package mutating func rows(of next: some Collection<Float>) -> [Float] {
        samples += next
        guard samples.count >= Self.length else { return [] }
        let count = (samples.count - Self.length) / Self.step + 1
        var rows = [Float](repeating: 0, count: count * Self.bands)
        var bank = Bank()
        for row in stride(from: 0, to: count, by: 4) {
            bank.add(samples, from: row, before: count, to: &rows)
        }
        samples.removeFirst(count * Self.step)
        return rows
    }

    /// What rows are worked out with, four at a time.
    private struct Bank {
        /// Samples of a piece: the next power of two.
        private static let size = 512

        private var transform = FourierTransform(exponent: 9)
        private var pieces = [Float](repeating: 0, count: 4 * Bank.size)
        private var power = [FourierTransform.Lanes](repeating: .zero, count: Bank.size / 2 + 1)

        /// Takes rows from `row` on, three more if there are so many.
        mutating func add(
            _ samples: [Float],
            from row: Int,
            before end: Int,
            to rows: inout [Float]
        ) {
            let lanes = min(4, end - row)
            for lane in 0..<lanes { take(samples, from: (row + lane) * step, lane) }
            pieces.withUnsafeBufferPointer {
                let starts = SIMD4<Int>(0, Self.size, 2 * Self.size, 3 * Self.size)
                transform.power(of: $0, at: starts, window: Tables.shared.ones, into: &power)
            }
            for (number, band) in Tables.shared.bands.enumerated() {
                var sum = FourierTransform.Lanes.zero
                for (index, weight) in band.weights.enumerated() {
                    sum += power[band.first + index] * weight
                }
                for lane in 0..<lanes {
                    let energy = max(sum[lane], .ulpOfOne)
                    rows[(row + lane) * FilterBank.bands + number] = log(energy)
                }
            }
        }

        /// A piece without its mean, with its high frequencies raised, through the window.
        private mutating func take(_ samples: [Float], from start: Int, _ lane: Int) {
            var sum: Float = 0
            for index in start..<start + length { sum += samples[index] }
            let mean = sum / Float(length)
            var before = (samples[start] - mean) * Tables.scale
            let window = Tables.shared.window
            for index in 0..<length {
                let sample = (samples[start + index] - mean) * Tables.scale
                pieces[lane * Self.size + index] = (sample - 0.97 * before) * window[index]
                before = sample
            }
        }
    }

    /// What is worked out once.
    private struct Tables: Sendable {
        static let shared = Tables()
        /// Kaldi's samples are those of 16 bits.
        static let scale: Float = 32_768

        /// A raised cosine to the power of 0.85, Povey's window.
        let window: [Float]
        let ones = [Float](repeating: 1, count: 512)
        /// For each band its first frequency, and the weights from there on.
        let bands: [(first: Int, weights: [Float])]

        private init() {
            window = (0..<length).map {
                let angle = 2 * Double.pi * Double($0) / Double(length - 1)
                return Float(pow(0.5 - 0.5 * cos(angle), 0.85))
            }
            // Triangles whose corners are equally far from each other on the mel scale, from 20 Hz
            // to half the sample rate; the highest frequency is left out.
            let mel = { (frequency: Double) in 1127 * log(1 + frequency / 700) }
            let (low, high) = (mel(20), mel(Double(sampleRate / 2)))
            let width = (high - low) / Double(FilterBank.bands + 1)
            let places = (0..<256).map { mel(Double($0 * sampleRate) / 512) }
            bands = (0..<FilterBank.bands).map { number in
                let left = low + Double(number) * width
                let inside = places.indices.filter {
                    places[$0] > left && places[$0] < left + 2 * width
                }
                let weights = inside.map { Float(1 - abs(places[$0] - left - width) / width) }
                return (inside.first ?? 0, weights)
            }
        }
    }
}
