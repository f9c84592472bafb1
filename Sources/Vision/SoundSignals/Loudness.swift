import Glibc

/// The K-weighted energy of audio, row by row, and the loudness that follows from it.
///
/// ITU-R BS.1770-4, annex 1. Its coefficients are for 48 kHz; for any sample rate they are those of
/// the same analog filters, by the bilinear transform (libebur128, ebur128.c, `ebur128_init_filter`).
struct Loudness: Sendable {
    private typealias Pair = SIMD2<Double>

    /// Rows of the momentary and of the short-term loudness.
    private static let (momentaryRows, shortTermRows) = (4, 30)

    private let shelf: Coefficients
    private let highPass: Coefficients
    private let weights: [Double]
    /// The states of both filters, for each two channels.
    private var states: [States]
    /// The weighted mean squares of the last rows.
    private var recent: [Double] = []

    init(sampleRate: Int, weights: [Double]) {
        let rate = Double(sampleRate)
        shelf = Coefficients(shelfAt: rate)
        highPass = Coefficients(highPassAt: rate)
        self.weights = weights
        states = Array(repeating: States(), count: (weights.count + 1) / 2)
    }

    /// Takes a row.
    ///
    /// - Parameters:
    ///   - channels: the samples of each channel, one channel after the other.
    ///   - stride: from channel to channel.
    ///   - count: samples of a channel.
    /// - Returns: the loudness, in LUFS, of the 0.4 s and of the 3 s that end here.
    mutating func add(
        _ channels: UnsafeBufferPointer<Float>,
        stride: Int,
        count: Int
    ) -> (momentary: Double, shortTerm: Double) {
        var energy = 0.0
        for pair in states.indices {
            let first = 2 * pair
            let second = min(first + 1, weights.count - 1)
            let weight = Pair(weights[first], second > first ? weights[second] : 0)
            guard weight != .zero else { continue }
            let squares = filter(
                UnsafeBufferPointer(rebasing: channels[first * stride..<first * stride + count]),
                UnsafeBufferPointer(rebasing: channels[second * stride..<second * stride + count]),
                &states[pair]
            )
            energy += (squares * weight).sum()
        }
        recent.append(energy / Double(count))
        if recent.count > Self.shortTermRows { recent.removeFirst() }
        return (level(Self.momentaryRows), level(Self.shortTermRows))
    }

    private func level(_ rows: Int) -> Double {
        let mean = recent.suffix(rows).reduce(0, +) / Double(rows)
        return max(SoundRow.silence, -0.691 + SoundRow.decibels(mean))
    }

    /// Weights two channels, and adds their squares.
    private func filter(
        _ left: UnsafeBufferPointer<Float>,
        _ right: UnsafeBufferPointer<Float>,
        _ states: inout States
    ) -> Pair {
        var state = states
        var sum = Pair.zero
        for index in left.indices {
            let sample = Pair(Double(left[index]), Double(right[index]))
            // Both in transposed direct form 2.
            let shelved = sample * shelf.b0 + state.shelf1
            state.shelf1 = sample * shelf.b1 - shelved * shelf.a1 + state.shelf2
            state.shelf2 = sample * shelf.b2 - shelved * shelf.a2
            let passed = shelved * highPass.b0 + state.pass1
            state.pass1 = shelved * highPass.b1 - passed * highPass.a1 + state.pass2
            state.pass2 = shelved * highPass.b2 - passed * highPass.a2
            sum += passed * passed
        }
        // In silence what rings on would become subnormal, which is slow.
        state.settle()
        states = state
        return sum
    }

    private struct States: Sendable {
        var shelf1 = Pair.zero
        var shelf2 = Pair.zero
        var pass1 = Pair.zero
        var pass2 = Pair.zero

        mutating func settle() {
            let all = [shelf1, shelf2, pass1, pass2]
            if all.allSatisfy({ abs($0[0]) < 1e-20 && abs($0[1]) < 1e-20 }) { self = States() }
        }
    }

    private struct Coefficients: Sendable {
        var (b0, b1, b2, a1, a2) = (1.0, -2.0, 1.0, 0.0, 0.0)

        /// The high shelf, which stands for the head.
        init(shelfAt rate: Double) {
            let (k, q) = (tan(Double.pi * 1681.974450955533 / rate), 0.7071752369554196)
            let high = pow(10, 3.999843853973347 / 20)
            let band = pow(high, 0.4996667741545416)
            let a0 = 1 + k / q + k * k
            b0 = (high + band * k / q + k * k) / a0
            b1 = 2 * (k * k - high) / a0
            b2 = (high - band * k / q + k * k) / a0
            a1 = 2 * (k * k - 1) / a0
            a2 = (1 - k / q + k * k) / a0
        }

        /// The high-pass filter.
        init(highPassAt rate: Double) {
            let (k, q) = (tan(Double.pi * 38.13547087602444 / rate), 0.5003270373238773)
            let a0 = 1 + k / q + k * k
            a1 = 2 * (k * k - 1) / a0
            a2 = (1 - k / q + k * k) / a0
        }
    }
}

extension Loudness {
    /// The integrated loudness, in LUFS: the mean of the rows' momentary loudness, first of those
    /// above −70 LUFS, then of those that are less than 10 LU below that mean (ITU-R BS.1770-4, annex
    /// 1, (5) to (7)).
    ///
    /// - Parameter momentary: of all rows that are 0.4 s in or later, in LUFS.
    /// - Returns: nil if no row is above −70 LUFS.
    static func integrated(_ momentary: some Sequence<Double>) -> Double? {
        let audible = momentary.filter { $0 > -70 }
        guard let mean = mean(audible) else { return nil }
        return self.mean(audible.filter { $0 > mean - 10 })
    }

    /// The level of the mean energy.
    private static func mean(_ levels: [Double]) -> Double? {
        guard !levels.isEmpty else { return nil }
        let sum = levels.reduce(0) { $0 + SoundRow.square($1) }
        return SoundRow.decibels(sum / Double(levels.count))
    }
}
