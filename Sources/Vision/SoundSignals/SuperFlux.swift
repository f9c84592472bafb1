import Glibc

/// How much begins to sound, 200 times a second: the SuperFlux of a signal.
///
/// Böck, Widmer: "Maximum Filter Vibrato Suppression for Onset Detection", DAFx 2013, and its
/// reference implementation (CPJKU/SuperFlux, SuperFlux.py), of which the constants are: windows of
/// 2048 samples (at 44.1 and 48 kHz; as long in seconds at other sample rates), 24 triangular bands
/// an octave from 30 to 17000 Hz, log10(1 + magnitude), and the gain of each band over the largest
/// of its own and the two neighbouring bands two frames before. A full-scale sine has a magnitude of
/// 512. The value is the sum of all bands' gains.
struct SuperFlux: Sendable {
    typealias Lanes = FourierTransform.Lanes

    /// Values per second.
    static let rate = 200
    private static let bandsPerOctave = 24.0
    private static let (lowest, highest) = (30.0, 17_000.0)
    /// A tuning fork's tone, from which the bands are counted.
    private static let fork = 440.0
    /// A value compares with the frame at which the window has this part of its height.
    private static let ratio: Float = 0.5

    /// Edges of the bands, as bins: band b rises from edge b to edge b + 1 and falls to edge b + 2.
    private let edges: [Int]
    /// How far each bin is from one edge to the next, 0…1.
    private let slopes: [Float]
    /// So many frames earlier is the one to compare with: 1…4.
    let distance: Int
    /// What a magnitude is multiplied by to be that of a window of 2048 samples.
    private let scale: Float
    /// Of the bins, of four frames.
    private var magnitudes: [Lanes]
    /// Compressed magnitudes of the bands.
    private var bands: [Lanes]
    /// The same, the largest of three bands each; of these frames and the four before them.
    private var widened: [Lanes]
    private var before: [Lanes]

    /// - Parameters:
    ///   - sampleRate: in Hz.
    ///   - window: of a piece; its height is 1.
    init(sampleRate: Int, window: [Float]) {
        let bins = window.count / 2
        let width = Double(sampleRate) / Double(window.count)
        scale = 2048 / Float(window.count)
        edges = Self.edges(bins, width, min(Self.highest, Double(sampleRate) / 2))
        var slopes = [Float](repeating: 0, count: bins)
        for (start, end) in zip(edges, edges.dropFirst()) {
            for bin in start..<end { slopes[bin] = Float(bin - start) / Float(end - start) }
        }
        self.slopes = slopes
        let above = window.firstIndex { $0 > Self.ratio } ?? 0
        let hop = Double(sampleRate) / Double(Self.rate)
        distance = min(max(1, Int((Double(bins - above) / hop).rounded())), 4)
        let zeros = [Lanes](repeating: .zero, count: max(0, edges.count - 2))
        (bands, widened, before) = (zeros, zeros, zeros)
        magnitudes = Array(repeating: .zero, count: bins)
    }

    /// The different bins of the frequencies at which bands begin, have their peak, and end.
    private static func edges(_ bins: Int, _ width: Double, _ highest: Double) -> [Int] {
        let factor = pow(2, 1 / bandsPerOctave)
        var frequencies = [fork]
        while let last = frequencies.last, last <= highest { frequencies.append(last * factor) }
        var frequency = fork
        while frequency >= lowest {
            frequency /= factor
            frequencies.append(frequency)
        }
        let found = Set(frequencies.map { Int(($0 / width).rounded(.toNearestOrEven)) })
        return found.filter { $0 < bins }.sorted()
    }

    /// The values of the next four frames.
    ///
    /// - Parameter power: squared magnitudes from frequency 0 on, one lane a frame.
    /// - Returns: a value for each frame, as if the frames before the first ones had been silent.
    mutating func next(_ power: [Lanes]) -> Lanes {
        swap(&widened, &before)
        takeRoots(power)
        compress()
        let count = bands.count
        guard count > 0 else { return .zero }
        var sum = Lanes.zero
        for band in 0..<count {
            var largest = bands[band]
            if band > 0 { largest = larger(largest, bands[band - 1]) }
            if band + 1 < count { largest = larger(largest, bands[band + 1]) }
            widened[band] = largest
            let earlier = Self.earlier(distance, before[band], largest)
            sum += larger(bands[band] - earlier, .zero)
        }
        return sum
    }

    /// Fills `magnitudes`.
    private mutating func takeRoots(_ power: [Lanes]) {
        let scale = scale
        // As single numbers: so the compiler takes the roots of four at once.
        magnitudes.withUnsafeMutableBytes { magnitudes in
            power.withUnsafeBytes { power in
                let magnitudes = magnitudes.assumingMemoryBound(to: Float.self)
                let power = power.assumingMemoryBound(to: Float.self)
                for index in 0..<magnitudes.count {
                    magnitudes[index] = power[index].squareRoot() * scale
                }
            }
        }
    }

    /// Fills `bands`.
    private mutating func compress() {
        var rising = Lanes.zero
        for segment in 0..<max(0, edges.count - 1) {
            var (sum, weighted) = (Lanes.zero, Lanes.zero)
            for bin in edges[segment]..<edges[segment + 1] {
                let magnitude = magnitudes[bin]
                sum += magnitude
                weighted += magnitude * slopes[bin]
            }
            // A segment is where one band falls and the next one rises.
            if segment > 0 { bands[segment - 1] = Self.log10(1 + rising + (sum - weighted)) }
            rising = weighted
        }
    }

    /// The lanes of four frames and of the four before, moved by a number of frames.
    private static func earlier(_ distance: Int, _ before: Lanes, _ now: Lanes) -> Lanes {
        switch distance {
        case 1: Lanes(before[3], now[0], now[1], now[2])
        case 2: Lanes(before[2], before[3], now[0], now[1])
        case 3: Lanes(before[1], before[2], before[3], now[0])
        default: before
        }
    }

    /// The decimal logarithm of normal positive numbers, to 7 digits.
    static func log10(_ values: Lanes) -> Lanes {
        // x = m · 2^e with m in √½…√2, and ln m = 2 artanh((m - 1) / (m + 1)).
        let bits = unsafeBitCast(values, to: SIMD4<Int32>.self)
        let exponent = (bits &- 0x3F35_04F3) &>> 23
        let mantissa = unsafeBitCast(bits &- (exponent &<< 23), to: Lanes.self)
        let ratio = (mantissa - 1) / (mantissa + 1)
        let square = ratio * ratio
        var series = square * (2 / 9) + Float(2) / 7
        series = series * square + Float(2) / 5
        series = series * square + Float(2) / 3
        series = series * square + 2
        return Lanes(exponent) * 0.301_029_996 + ratio * series * 0.434_294_482
    }
}
