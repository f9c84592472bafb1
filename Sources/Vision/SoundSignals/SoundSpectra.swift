import Glibc

/// The bandwidth and the onsets of a signal of one channel, as it comes.
///
/// Windows are around every 1/200 s. One that is not wholly within the signal is left out: cutting
/// a sound off would be a click.
struct SoundSpectra: Sendable {
    /// What a row has from its spectra.
    struct Row: Sendable {
        let bandwidth: Double?
        let onsetStrength: Double
    }

    private static let framesPerRow = SuperFlux.rate / SoundRow.rate
    /// The length of a window, in seconds, is that of 2048 samples of CDs, or near it.
    private static let seconds = 2048.0 / 44_100

    private let sampleRate: Int
    private let window: [Float]
    private let bandwidth: Bandwidth
    private var transform: FourierTransform
    private var flux: SuperFlux
    private var peaks = OnsetPeaks()
    private var power: [FourierTransform.Lanes]

    /// The samples that are still needed, and where in the signal the first of them is.
    private var samples: [Float]
    private var origin: Int
    /// The first frame that is not done: a multiple of four.
    private var frame = 0
    /// The power of the row's frames, how many they are, and their largest flux.
    private var sum: [FourierTransform.Lanes]
    private var count = 0
    private var strength: Float = 0

    init(sampleRate: Int) {
        self.sampleRate = sampleRate
        let exponent = max(6, Int(log2(Double(sampleRate) * Self.seconds).rounded()))
        transform = FourierTransform(exponent: exponent)
        let size = transform.size
        // NumPy's `hanning`, as SuperFlux's reference implementation has it.
        window = (0..<size).map {
            Float(0.5 - 0.5 * cos(2 * Double.pi * Double($0) / Double(size - 1)))
        }
        bandwidth = Bandwidth(sampleRate: sampleRate, window: window)
        flux = SuperFlux(sampleRate: sampleRate, window: window)
        power = Array(repeating: .zero, count: size / 2 + 1)
        sum = power
        samples = Array(repeating: 0, count: size / 2)
        origin = -size / 2
    }

    /// Takes the next samples.
    ///
    /// - Parameters:
    ///   - next: the samples.
    ///   - rows: the rows that are finished are appended here …
    ///   - onsets: … and the onsets here.
    mutating func add(
        _ next: UnsafeBufferPointer<Float>,
        _ rows: inout [Row],
        _ onsets: inout [SoundOnset]
    ) {
        samples.append(contentsOf: next)
        advance(before: .max, &rows, &onsets)
    }

    /// Ends the signal.
    ///
    /// - Parameters:
    ///   - count: how many rows the signal has.
    ///   - rows: the last rows are appended here …
    ///   - onsets: … and the last onsets here.
    mutating func finish(
        rows count: Int,
        _ rows: inout [Row],
        _ onsets: inout [SoundOnset]
    ) {
        let end = origin + samples.count
        let last = centre(count * Self.framesPerRow - 1) + transform.size / 2
        samples += [Float](repeating: 0, count: max(0, last - end))
        advance(before: end, &rows, &onsets)
        onsets += peaks.finish()
    }

    /// Where the middle of a frame's window is.
    private func centre(_ frame: Int) -> Int { frame * sampleRate / SuperFlux.rate }

    /// Does all frames whose windows are there; the end of the signal is `.max` until it is known.
    private mutating func advance(
        before end: Int,
        _ rows: inout [Row],
        _ onsets: inout [SoundOnset]
    ) {
        let half = transform.size / 2
        while centre(frame + 3) + half <= origin + samples.count {
            let centres = SIMD4<Int>(
                centre(frame),
                centre(frame + 1),
                centre(frame + 2),
                centre(frame + 3)
            )
            samples.withUnsafeBufferPointer {
                transform.power(
                    of: $0,
                    at: centres &- (half + origin),
                    window: window,
                    into: &power
                )
            }
            take(before: end, &onsets)
            frame += 4
            if frame % Self.framesPerRow == 0 { rows.append(finishRow()) }
        }
        let start = min(max(0, centre(frame) - half - origin), samples.count)
        samples.removeFirst(start)
        origin += start
    }

    /// Takes the spectra of four frames.
    private mutating func take(before end: Int, _ onsets: inout [SoundOnset]) {
        let values = flux.next(power)
        var whole = FourierTransform.Lanes.zero
        for lane in 0..<4 {
            if isWhole(frame + lane, end) {
                whole[lane] = 1
                count += 1
            }
            // What sounds from the very start has begun before.
            let isKnown = whole[lane] > 0 && isWhole(frame + lane - flux.distance, end)
            let value = isKnown ? values[lane] : 0
            strength = max(strength, value)
            if let onset = peaks.add(value) { onsets.append(onset) }
        }
        for bin in sum.indices { sum[bin] += power[bin] * whole }
    }

    private func isWhole(_ frame: Int, _ end: Int) -> Bool {
        let (middle, half) = (centre(frame), transform.size / 2)
        return frame >= 0 && middle >= half && middle <= end - half
    }

    private mutating func finishRow() -> Row {
        defer {
            for bin in sum.indices { sum[bin] = .zero }
            (count, strength) = (0, 0)
        }
        let frequency =
            count > 0 ? bandwidth.frequency(sum.map { $0.sum() }, count: count) : nil
        return Row(bandwidth: frequency, onsetStrength: Double(strength))
    }
}
