import Glibc

/// A part of what was measured, and what the field's rules ask of it.
///
/// All functions are of the rows alone, so that limits can be changed without decoding. Those of a
/// window without rows are nil or 0.
package struct SoundWindow: Sendable {
    package let rows: ArraySlice<SoundRow>
    package let onsets: ArraySlice<SoundOnset>

    /// Which channels count: with more than two, effects are those without dialogue
    /// (`SoundLayout.effects`).
    package enum Channels: Sendable {
        case all, effects
    }

    // MARK: - Silence

    /// The share of rows whose level is below a limit, 0…1.
    package func silence(below level: Double, of channels: Channels = .all) -> Double {
        guard !rows.isEmpty else { return 0 }
        return Double(rows.count { self.level($0, channels) < level }) / Double(rows.count)
    }

    /// Whether too much of it is silent.
    package func isSilent(_ limit: SilenceLimit, of channels: Channels = .all) -> Bool {
        silence(below: limit.level, of: channels) > limit.share
    }

    /// The second with the highest level: the nearest miss where all is too quiet.
    ///
    /// - Returns: the number of its first row in `rows`' own numbers, and its level in dBFS; nil
    ///   without rows. A window of less than a second counts as one.
    package func loudestSecond(of channels: Channels = .all) -> (row: Int, level: Double)? {
        guard !rows.isEmpty else { return nil }
        let length = min(SoundRow.rate, rows.count)
        var best: (row: Int, level: Double)?
        for start in rows.startIndex...rows.endIndex - length {
            let sum = rows[start..<start + length].reduce(0) {
                $0 + SoundRow.square(level($1, channels))
            }
            let mean = SoundRow.decibels(sum / Double(length))
            if mean > best?.level ?? -.infinity { best = (start, mean) }
        }
        return best
    }

    /// Where no sample of any channel reaches a level, as ffmpeg's `silencedetect` finds it, within
    /// a row at both ends: silence begins and ends with whole rows. What is less than two rows longer
    /// than the least length may be missed.
    ///
    /// - Parameters:
    ///   - level: in dBFS.
    ///   - seconds: the least length of silence.
    /// - Returns: ranges of the rows' own numbers.
    package func silences(below level: Double, atLeast seconds: Double) -> [Range<Int>] {
        var found: [Range<Int>] = []
        var start = rows.startIndex
        for row in rows.indices + [rows.endIndex] {
            if row < rows.endIndex, rows[row].peak < level { continue }
            if Double(row - start) >= seconds * Double(SoundRow.rate) - 0.5, row > start {
                found.append(start..<row)
            }
            start = row + 1
        }
        return found
    }

    private func level(_ row: SoundRow, _ channels: Channels) -> Double {
        switch channels {
        case .all: row.level
        case .effects: row.effectsLevel
        }
    }

    // MARK: - Loudness

    /// The loudness of the whole window, in LUFS, with the gates of ITU-R BS.1770-4; nil if it is
    /// shorter than 0.4 s, or if all of it is below −70 LUFS.
    package var loudness: Double? {
        // The momentary loudness of the first three rows is of the time before them too.
        Loudness.integrated(rows.dropFirst(3).lazy.map(\.momentary))
    }

    /// In dBTP; nil without rows.
    package var truePeak: Double? { rows.map(\.truePeak).max() }

    // MARK: - Bandwidth

    /// The bandwidth of the recording, in Hz: what a tenth of the rows reach that are not quiet.
    ///
    /// Sounds with high frequencies show it, so those rows count that have most. A single click at an
    /// edit does not. nil if all rows are quiet. In a window of tones and of dull sounds only, it is
    /// that of these sounds, and the recording's may be larger.
    package var bandwidth: Double? {
        let known = rows.lazy.filter { $0.effectsLevel >= SoundLimits.bandwidthLevel }
            .compactMap(\.bandwidth).sorted()
        return known.isEmpty ? nil : known[(known.count - 1) * 9 / 10]
    }

    // MARK: - Onsets

    /// When sounds begin.
    ///
    /// - Parameter excess: how far the SuperFlux has to be above the mean before it.
    /// - Returns: the onsets, of near ones the first.
    package func onsets(excess: Double = SoundLimits.onsetExcess) -> [SoundOnset] {
        let loud = onsets.filter { $0.excess >= excess }
        let distance = Int((SoundLimits.onsetDistance * Double(SoundOnset.rate)).rounded())
        return loud.indices.filter { index in
            index == 0 || loud[index].frame - loud[index - 1].frame > distance
        }.map { loud[$0] }
    }

    // MARK: - Defects

    /// The share of samples that are clipped, 0…1.
    package var clipping: Double { mean(\.clipping) }

    /// The DC offset, −1…1 of full scale.
    package var offset: Double { mean(\.offset) }

    /// Whether the channels have the same, but for their level, wherever there is sound: nil if there
    /// is none in both.
    package var isMono: Bool? {
        let known = rows.lazy.filter { $0.effectsLevel >= SoundLimits.bandwidthLevel }
            .compactMap(\.correlation)
        return known.isEmpty ? nil : known.allSatisfy { $0 > 0.999 }
    }

    private func mean(_ value: (SoundRow) -> Double) -> Double {
        guard !rows.isEmpty else { return 0 }
        return rows.reduce(0) { $0 + value($1) } / Double(rows.count)
    }
}

extension SoundRecord {
    /// Everything.
    package var whole: SoundWindow { SoundWindow(rows: rows[...], onsets: onsets[...]) }

    /// A part.
    ///
    /// - Parameters:
    ///   - start: in seconds from the first sample.
    ///   - duration: in seconds.
    /// - Returns: the rows that begin in it, and its onsets.
    package func window(start: Double, duration: Double) -> SoundWindow {
        let end = start + max(0, duration)
        let first = min(max(0, Self.index(start, SoundRow.rate)), rows.count)
        let last = min(max(0, Self.index(end, SoundRow.rate)), rows.count)
        let firstOnset = onsetIndex(at: Self.index(start, SoundOnset.rate))
        let lastOnset = onsetIndex(at: Self.index(end, SoundOnset.rate))
        return SoundWindow(rows: rows[first..<last], onsets: onsets[firstOnset..<lastOnset])
    }

    /// The first multiple of 1/rate that is not before a time, but for rounding errors.
    private static func index(_ seconds: Double, _ rate: Int) -> Int {
        let place = (seconds * Double(rate) - 1e-6).rounded(.up)
        return Int(min(max(place, -1e15), 1e15))
    }

    /// The index of the first onset that is not before a frame, by bisection.
    private func onsetIndex(at frame: Int) -> Int {
        var (low, high) = (0, onsets.count)
        while low < high {
            let middle = (low + high) / 2
            if onsets[middle].frame < frame { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
