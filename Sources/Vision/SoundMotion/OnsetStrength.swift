import Glibc
import SoundSignals

/// How much begins to sound, every 10 ms: the positive spectral flux of logarithmic bands.
///
/// Böck, Krebs, Schedl: "Evaluating the Online Capabilities of Onset Detection Methods", ISMIR
/// 2012, with fewer bands.
package struct OnsetStrength: Sendable {
    /// Samples per second of the audio, which has one channel.
    package static let sampleRate = 16_000
    /// Seconds from value to value.
    static let step = 0.01
    /// Audio whose largest sample is smaller is silent: -60 dBFS.
    private static let silence: Float = 0.001
    /// Magnitudes are compressed as log10(1 + this × magnitude), where the largest one is 1.
    private static let compression: Float = 1000
    private static let bandsPerOctave = 6.0
    private static let lowestFrequency = 60.0

    /// What each band has gained since 10 ms before, mean of all bands.
    let values: [Float]
    /// When sounds begin, in seconds.
    package let onsets: [Double]

    /// - Parameter samples: the audio at `sampleRate`, full scale is 1.
    package init(_ samples: [Float]) {
        let peak = samples.reduce(0) { max($0, abs($1)) }
        values = peak < Self.silence ? [] : Self.flux(Self.bands(of: samples))
        onsets = Self.peaks(of: values).map { Double($0) * Self.step }
    }

    /// The strength of each frame: the sum from its time to that of the next one.
    ///
    /// - Parameter times: when frames are shown, in seconds, ascending; at least two.
    /// - Returns: a value for each frame.
    func sums(at times: [Double]) -> [Double] {
        let last = times[times.count - 1]
        let ends = times.dropFirst() + [2 * last - times[times.count - 2]]
        return zip(times, ends).map { start, end in
            let first = min(max(0, Int((start / Self.step).rounded())), values.count)
            let limit = min(max(first, Int((end / Self.step).rounded())), values.count)
            return values[first..<limit].reduce(0) { $0 + Double($1) }
        }
    }

    // MARK: - Spectral flux

    /// Compressed magnitudes of the bands around each step; none where the audio has no samples
    /// for a whole window.
    private static func bands(of samples: [Float]) -> [[Float]] {
        var transform = FourierTransform(exponent: 9)
        let size = transform.size
        let window = (0..<size).map {
            Float(0.5 - 0.5 * cos(2 * Double.pi * (Double($0) + 0.5) / Double(size)))
        }
        let ranges = ranges(size)
        let hop = Int(step * Double(sampleRate))
        var magnitudes = stride(from: 0, to: samples.count, by: hop).map { centre -> [Float] in
            let start = centre - size / 2
            guard start >= 0, start + size <= samples.count else { return [] }
            let power = transform.power(zip(samples[start..<start + size], window).map { $0 * $1 })
            return ranges.map { range in
                (power[range].reduce(0, +) / Float(range.count)).squareRoot()
            }
        }
        let largest = magnitudes.reduce(0) { max($0, $1.max() ?? 0) }
        guard largest > 0 else { return [] }
        for index in magnitudes.indices {
            magnitudes[index] = magnitudes[index].map { log10(1 + compression * $0 / largest) }
        }
        return magnitudes
    }

    /// The bins of each band.
    private static func ranges(_ size: Int) -> [Range<Int>] {
        var ranges: [Range<Int>] = []
        var (start, edge) = (1, lowestFrequency)
        while start < size / 2 {
            edge *= pow(2, 1 / bandsPerOctave)
            let bin = Int((edge * Double(size) / Double(sampleRate)).rounded())
            let end = min(bin, size / 2 + 1)
            if end > start {
                ranges.append(start..<end)
                start = end
            }
        }
        return ranges
    }

    private static func flux(_ bands: [[Float]]) -> [Float] {
        // What sounds from the very start has begun before.
        bands.indices.map { index in
            let (before, now) = (index > 0 ? bands[index - 1] : [], bands[index])
            guard !before.isEmpty, !now.isEmpty else { return 0 }
            return zip(before, now).reduce(0) { $0 + max(0, $1.1 - $1.0) } / Float(now.count)
        }
    }

    // MARK: - Onsets

    /// A value is an onset if it is this much above the mean around it, …
    private static let prominence: Float = 0.1
    /// … which is taken of so many values before and after it, …
    private static let surroundings = 10
    /// … the largest of so many before and after it, and so far away from the onset before.
    private static let distance = 3

    private static func peaks(of values: [Float]) -> [Int] {
        values.indices.filter { index in
            let near = values[max(0, index - distance)..<min(values.count, index + distance + 1)]
            let around = values[
                max(0, index - surroundings)..<min(values.count, index + surroundings + 1)
            ]
            let mean = around.reduce(0, +) / Float(around.count)
            // Of equal ones the first.
            return near.firstIndex(of: near.max() ?? 0) == index
                && values[index] >= mean + prominence
        }
    }
}
