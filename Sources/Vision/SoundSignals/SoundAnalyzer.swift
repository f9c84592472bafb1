import Glibc

/// What was found in a piece of audio: rows, and the onsets.
package struct SoundRecord: Sendable, Equatable {
    /// Of each 0.1 s from the first sample on; the last one may be of less.
    package var rows: [SoundRow]
    /// In the order of their times, which count from the first sample of the audio.
    package var onsets: [SoundOnset]

    package init(rows: [SoundRow] = [], onsets: [SoundOnset] = []) {
        (self.rows, self.onsets) = (rows, onsets)
    }

    /// Appends what comes next.
    package mutating func append(_ next: SoundRecord) {
        rows += next.rows
        onsets += next.onsets
    }
}

/// Measures audio of any length as it is decoded, in memory that does not grow with it.
///
/// Rows come some 30 ms after their end, onsets 80 ms after their time. What is kept from the past
/// has an effect for 3 s at most (short-term loudness), so measuring can begin anew in mid-file:
/// 4 s earlier, without the first 40 rows.
package struct SoundAnalyzer: Sendable {
    /// Samples per second that can be measured.
    package static let sampleRates = 2_000...768_000
    /// As many samples in a row at full scale are clipped.
    private static let clippedRun = 3
    /// The largest sample of 16 bits is 1 − 2⁻¹⁵.
    private static let fullScale: Float = 0.999_96

    private let sampleRate: Int
    private let layout: SoundLayout
    private var loudness: Loudness
    private var spectra: SoundSpectra
    /// The samples of the row, one channel after the other, each after the last ones of the row
    /// before.
    private var planes: [Float]
    private var mix: [Float]
    private let stride: Int
    /// How many samples of the row are there, and how many there will be.
    private var filled = 0
    private var length: Int
    /// How many rows are full.
    private var rowCount = 0
    /// Rows whose spectra are not known.
    private var open: [SoundRow] = []
    /// How many samples at full scale each channel ends with.
    private var runs: [Int]

    /// - Parameters:
    ///   - sampleRate: samples per second, within `sampleRates`: those of the file, since a lower
    ///     rate would hide its bandwidth.
    ///   - layout: of the channels.
    package init(sampleRate: Int, layout: SoundLayout) {
        precondition(Self.sampleRates.contains(sampleRate))
        self.sampleRate = sampleRate
        self.layout = layout
        loudness = Loudness(sampleRate: sampleRate, weights: layout.weights)
        spectra = SoundSpectra(sampleRate: sampleRate)
        stride = TruePeak.history + sampleRate / SoundRow.rate + 1
        planes = Array(repeating: 0, count: layout.roles.count * stride)
        mix = Array(repeating: 0, count: stride)
        length = sampleRate / SoundRow.rate
        runs = layout.roles.map { _ in 0 }
    }

    /// Measures the next samples.
    ///
    /// - Parameter samples: interleaved, full scale is 1; whole samples of all channels. Values that
    ///   are no numbers, or far beyond full scale, count as 0.
    /// - Returns: what has become known.
    package mutating func add(_ samples: UnsafeBufferPointer<Float>) -> SoundRecord {
        let channels = layout.roles.count
        precondition(samples.count % channels == 0)
        var record = SoundRecord()
        var start = 0
        while start < samples.count {
            let count = min(length - filled, (samples.count - start) / channels)
            let end = start + count * channels
            separate(UnsafeBufferPointer(rebasing: samples[start..<end]), count)
            filled += count
            start = end
            if filled == length { finishRow(&record) }
        }
        return record
    }

    /// Ends the audio.
    ///
    /// - Returns: what was not known before.
    package mutating func finish() -> SoundRecord {
        var record = SoundRecord()
        if filled > 0 { finishRow(&record) }
        var found: [SoundSpectra.Row] = []
        spectra.finish(rows: rowCount, &found, &record.onsets)
        close(found, &record)
        return record
    }

    // MARK: - Rows

    /// Appends samples to the channels' planes.
    private mutating func separate(_ samples: UnsafeBufferPointer<Float>, _ count: Int) {
        let channels = layout.roles.count
        let (start, stride) = (TruePeak.history + filled, stride)
        planes.withUnsafeMutableBufferPointer { planes in
            for channel in 0..<channels {
                let plane = UnsafeMutableBufferPointer(
                    rebasing: planes[channel * stride + start..<channel * stride + start + count]
                )
                for index in 0..<count {
                    let sample = samples[index &* channels &+ channel]
                    plane[index] = sample * sample < 1e6 ? sample : 0
                }
            }
        }
    }

    private mutating func finishRow(_ record: inout SoundRecord) {
        let count = filled
        open.append(row(count))
        rowCount += 1
        let next = (rowCount + 1) * sampleRate / SoundRow.rate
        length = next - rowCount * sampleRate / SoundRow.rate
        filled = 0
        for plane in runs.indices {
            for index in 0..<TruePeak.history {
                planes[plane * stride + index] = planes[plane * stride + count + index]
            }
        }
        var found: [SoundSpectra.Row] = []
        mix.withUnsafeBufferPointer {
            spectra.add(UnsafeBufferPointer(rebasing: $0[..<count]), &found, &record.onsets)
        }
        close(found, &record)
    }

    /// Completes the first of the open rows.
    private mutating func close(_ found: [SoundSpectra.Row], _ record: inout SoundRecord) {
        for (index, spectrum) in found.prefix(open.count).enumerated() {
            open[index].bandwidth = spectrum.bandwidth
            open[index].onsetStrength = spectrum.onsetStrength
        }
        record.rows += open.prefix(found.count)
        open.removeFirst(min(found.count, open.count))
    }

    /// Measures the row but for its spectra, and mixes the channels for these.
    private mutating func row(_ count: Int) -> SoundRow {
        var row = SoundRow()
        let (stride, history) = (stride, TruePeak.history)
        planes.withUnsafeBufferPointer { planes in
            let channels = runs.indices.map { channel in
                let start = channel * stride + history
                return UnsafeBufferPointer(rebasing: planes[start..<start + count])
            }
            let sums = channels.map { SampleSums($0) }
            let squares = sums.map { $0.square / Double(count) }
            let effects = layout.effects
            row.level = SoundRow.decibels(squares.reduce(0, +) / Double(squares.count))
            row.effectsLevel = SoundRow.decibels(
                effects.reduce(0) { $0 + squares[$1] } / Double(effects.count)
            )
            let peak = sums.reduce(0) { max($0, $1.peak) }
            row.peak = SoundRow.decibels(Double(peak) * Double(peak))
            let between = Double(
                runs.indices.reduce(peak) { peak, channel in
                    let start = channel * stride
                    let plane = planes[start..<start + history + count]
                    return TruePeak.largest(UnsafeBufferPointer(rebasing: plane), least: peak)
                }
            )
            row.truePeak = SoundRow.decibels(between * between)
            let means = sums.map { $0.sum / Double(count) }
            row.offset = means.reduce(0) { abs($1) > abs($0) ? $1 : $0 }
            row.correlation = Self.correlation(channels, squares, effects)
            row.clipping = clipping(channels, sums.map(\.peak))
            let levels = loudness.add(
                UnsafeBufferPointer(rebasing: planes[history...]),
                stride: stride,
                count: count
            )
            (row.momentary, row.shortTerm) = levels
            let part = 1 / Float(effects.count)
            mix.withUnsafeMutableBufferPointer { mix in
                for index in 0..<count { mix[index] = channels[effects[0]][index] * part }
                for effect in effects.dropFirst() {
                    let channel = channels[effect]
                    for index in 0..<count { mix[index] += channel[index] * part }
                }
            }
        }
        return row
    }

    private static func correlation(
        _ channels: [UnsafeBufferPointer<Float>],
        _ squares: [Double],
        _ effects: [Int]
    ) -> Double? {
        guard effects.count > 1 else { return 1 }
        let (left, right) = (effects[0], effects[1])
        let energy = (squares[left] * squares[right]).squareRoot()
        guard energy > 1e-12 else { return nil }
        let product = SampleSums.product(channels[left], channels[right])
        return min(max(product / Double(channels[left].count) / energy, -1), 1)
    }

    /// The share of samples in runs at full scale, which may have begun in the row before.
    private mutating func clipping(
        _ channels: [UnsafeBufferPointer<Float>],
        _ peaks: [Float]
    ) -> Double {
        var clipped = 0
        for (channel, samples) in channels.enumerated() {
            guard peaks[channel] >= Self.fullScale else {
                runs[channel] = 0
                continue
            }
            for sample in samples {
                runs[channel] = abs(sample) >= Self.fullScale ? runs[channel] + 1 : 0
                if runs[channel] == Self.clippedRun {
                    clipped += Self.clippedRun
                } else if runs[channel] > Self.clippedRun {
                    clipped += 1
                }
            }
        }
        let count = channels.reduce(0) { $0 + $1.count }
        return min(1, Double(clipped) / Double(count))
    }
}

/// Sums over the samples of a channel.
private struct SampleSums {
    var sum = 0.0
    var square = 0.0
    /// The largest magnitude.
    var peak: Float = 0

    init(_ samples: UnsafeBufferPointer<Float>) {
        guard let base = samples.baseAddress else { return }
        var (sums, squares, peaks) = (Four.zero, Four.zero, Four.zero)
        let rest = samples.count / 4 * 4
        for place in stride(from: 0, to: rest, by: 4) {
            let values = base.four(at: place)
            sums += values
            squares += values * values
            peaks = larger(peaks, magnitudes(values))
        }
        (sum, square, peak) = (Double(sums.sum()), Double(squares.sum()), peaks.max())
        for sample in samples[rest...] {
            sum += Double(sample)
            square += Double(sample) * Double(sample)
            peak = max(peak, abs(sample))
        }
    }

    /// The sum of the products of two channels.
    static func product(
        _ left: UnsafeBufferPointer<Float>,
        _ right: UnsafeBufferPointer<Float>
    ) -> Double {
        guard let first = left.baseAddress, let second = right.baseAddress else { return 0 }
        var products = Four.zero
        let rest = left.count / 4 * 4
        for place in stride(from: 0, to: rest, by: 4) {
            products += first.four(at: place) * second.four(at: place)
        }
        return zip(left[rest...], right[rest...]).reduce(Double(products.sum())) {
            $0 + Double($1.0) * Double($1.1)
        }
    }
}
