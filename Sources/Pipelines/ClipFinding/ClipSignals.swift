import Glibc
import ShotDetection
import SoundSignals
import VideoScanning

/// The signals of any window of a video, each in the same time however long the window is: sums over
/// all frames and rows of audio up to each.
struct ClipSignals: Sendable {
    /// What is known of one window.
    struct Values: Sendable, Equatable {
        /// The share of the audio that is silent, 0…1.
        var silence = 0.0
        /// The level of the effects, in dBFS.
        var level = SoundRow.silence
        /// Onsets of sounds.
        var onsets = 0
        /// Sounds that begin: onsets, and rises of the level that are none.
        var beginnings = 0
        /// Seconds from the start to the first of them; nil without one.
        var firstBeginning: Double?
        /// Whether a sound begins so late that it is cut off.
        var endsWithBeginning = false
        /// Whether one begins so shortly before that its beginning is cut off.
        var startsAfterBeginning = false
        /// The share of the samples that are clipped, 0…1.
        var clipping = 0.0
        /// The share of the frames that are still, 0…1.
        var still = 0.0
        /// The share of the frames that are black, 0…1.
        var black = 0.0
        /// Whether all frames that are not black have bars of the same kind.
        var isLetterboxed = false
        /// The share of the audio with speech, 0…1; nil where it is not known.
        var speech: Double?
        /// The share of the audio with music, 0…1; nil where it is not known.
        var music: Double?
    }

    private let power: [Double]
    private let clipped: [Double]
    /// The times of the onsets, in seconds.
    private let onsets: [Double]
    /// The times at which sounds begin, in seconds.
    private let beginnings: [Double]
    /// Rows with speech and with music; nil where it is not known.
    private let speech: [Int32]?
    private let music: [Int32]?
    private let still: [Int32]
    /// Frames that have a frame half a second before them.
    private let compared: [Int32]
    private let black: [Int32]
    /// Frames that are not black; those of them with bars above and below, and at both sides.
    private let shown: [Int32]
    private let barsInRows: [Int32]
    private let barsInColumns: [Int32]

    /// A sound that begins so many seconds before the end is cut off.
    private static let latest = 1.0
    /// The beginning of a sound is cut off if it is so many seconds before the start.
    private static let earliest = 0.75
    /// A frame is black if this share of its pixels is, as to ffmpeg's `blackdetect`.
    private static let blackShare: Float = 0.98
    /// On frames with less black than this, bars count from this part of the height or width on.
    fileprivate static let shownShare: Float = 0.9
    fileprivate static let leastBar: Float = 0.02

    /// - Parameters:
    ///   - video: the video.
    ///   - stillDifference: of a still frame (`FindSettings.stillDifference`).
    init(_ video: ScannedVideo, stillDifference: Float) {
        let rows = video.measures.sound?.rows ?? []
        let frames = video.measures.frames
        power = sums(rows) { pow(10, $0.effectsLevel / 10) }
        clipped = sums(rows) { $0.clipping }
        speech = video.content.rowsWithSpeech.map { sums($0) { $0 ? 1 : 0 } }
        music = video.content.rowsWithMusic.map { sums($0) { $0 ? 1 : 0 } }
        still = sums(frames) { ($0.stillness ?? .infinity) < stillDifference ? 1 : 0 }
        compared = sums(frames) { $0.stillness == nil ? 0 : 1 }
        black = sums(frames) { $0.blackShare >= Self.blackShare ? 1 : 0 }
        shown = sums(frames) { $0.blackShare < Self.shownShare ? 1 : 0 }
        barsInRows = sums(frames) { $0.hasBars(\.top, \.bottom) ? 1 : 0 }
        barsInColumns = sums(frames) { $0.hasBars(\.left, \.right) ? 1 : 0 }
        let record = video.measures.sound ?? SoundRecord()
        onsets = record.whole.onsets().map(\.time)
        beginnings = Self.beginnings(onsets, rows, power)
    }

    /// A sound begins where a row of audio is so many dB louder than the second before, even if it
    /// begins too softly for an onset.
    private static let rise = 4.0
    /// Seconds after a beginning in which there is no other.
    private static let pause = 0.5

    private static func beginnings(
        _ onsets: [Double],
        _ rows: [SoundRow],
        _ power: [Double]
    ) -> [Double] {
        let factor = pow(10, rise / 10)
        let second = SoundRow.rate
        var times = onsets
        for row in rows.indices.dropFirst(second) {
            let mean = (power[row] - power[row - second]) / Double(second)
            // In digital silence everything is louder.
            if power[row + 1] - power[row] > factor * max(mean, 1e-6) {
                times.append(Double(row) / Double(second))
            }
        }
        times.sort()
        var kept: [Double] = []
        for time in times where time - (kept.last ?? -1) >= pause { kept.append(time) }
        return kept
    }

    /// The rows of audio beside a window.
    ///
    /// - Parameters:
    ///   - start: in seconds.
    ///   - duration: in seconds.
    /// - Returns: the numbers of the rows.
    func rows(start: Double, duration: Double) -> Range<Int> {
        let rate = Double(SoundRow.rate)
        let most = power.count - 1
        let first = min(max(0, Int((start * rate - 1e-6).rounded(.up))), most)
        let last = min(max(first, Int(((start + duration) * rate - 1e-6).rounded(.up))), most)
        return first..<last
    }

    /// The signals of the frames of a window and of the audio beside them, but for the silence, which
    /// depends on a limit (`SilentRows`).
    ///
    /// - Parameters:
    ///   - frames: the frames, at least one.
    ///   - rows: the rows of audio.
    ///   - start: the time of the first frame, in seconds.
    ///   - duration: in seconds.
    /// - Returns: the signals.
    func values(
        of frames: Range<Int>,
        _ rows: Range<Int>,
        start: Double,
        duration: Double
    ) -> Values {
        var values = Values()
        let count = Double(max(1, rows.count))
        let mean = max(0, power[rows.upperBound] - power[rows.lowerBound]) / count
        values.level = mean > 1e-12 ? 10 * log10(mean) : SoundRow.silence
        values.clipping = (clipped[rows.upperBound] - clipped[rows.lowerBound]) / count
        values.speech = speech.map { Double(difference($0, rows)) / count }
        values.music = music.map { Double(difference($0, rows)) / count }
        values.onsets =
            Self.index(of: start + duration, in: onsets) - Self.index(of: start, in: onsets)
        let begin = Self.index(of: start, in: beginnings)
        let end = Self.index(of: start + duration, in: beginnings)
        values.beginnings = end - begin
        values.startsAfterBeginning = begin > 0 && beginnings[begin - 1] > start - Self.earliest
        if begin < end {
            values.firstBeginning = beginnings[begin] - start
            values.endsWithBeginning = beginnings[end - 1] > start + duration - Self.latest
        }
        values.still =
            Double(difference(still, frames)) / Double(max(1, difference(compared, frames)))
        values.black = Double(difference(black, frames)) / Double(max(1, frames.count))
        let all = difference(shown, frames)
        values.isLetterboxed =
            all > 0
            && (difference(barsInRows, frames) == all || difference(barsInColumns, frames) == all)
        return values
    }

    private func difference(_ sums: [Int32], _ frames: Range<Int>) -> Int32 {
        sums[frames.upperBound] - sums[frames.lowerBound]
    }

    /// The index of the first time that is not before another one.
    private static func index(of time: Double, in times: [Double]) -> Int {
        var (low, high) = (0, times.count)
        while low < high {
            let middle = (low + high) / 2
            if times[middle] < time - 1e-6 { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

extension FrameMeasures {
    /// Whether a frame that is not black has bars at two sides.
    fileprivate func hasBars(_ one: KeyPath<Bars, Float>, _ other: KeyPath<Bars, Float>) -> Bool {
        blackShare < ClipSignals.shownShare && bars[keyPath: one] > ClipSignals.leastBar
            && bars[keyPath: other] > ClipSignals.leastBar
    }
}

/// Which rows of audio are silent, for a level.
struct SilentRows: Sendable {
    private let silent: [Int32]

    /// - Parameters:
    ///   - video: the video.
    ///   - level: in dBFS.
    init(_ video: ScannedVideo, below level: Double) {
        silent = sums(video.measures.sound?.rows ?? []) { $0.level < level ? 1 : 0 }
    }

    /// The silent share of a window: what has no audio is silent.
    ///
    /// - Parameters:
    ///   - rows: of the window.
    ///   - duration: of the window, in seconds.
    /// - Returns: 0…1.
    func share(of rows: Range<Int>, duration: Double) -> Double {
        let length = max(1, Int((duration * Double(SoundRow.rate)).rounded()))
        let missing = length - min(rows.count, length)
        return Double(Int(silent[rows.upperBound] - silent[rows.lowerBound]) + missing)
            / Double(length)
    }
}

/// The sums of the first so many elements, from none on.
private func sums<Element, Value: AdditiveArithmetic>(
    _ elements: [Element],
    _ value: (Element) -> Value
) -> [Value] {
    var sums = [Value.zero]
    sums.reserveCapacity(elements.count + 1)
    var sum = Value.zero
    for element in elements {
        sum += value(element)
        sums.append(sum)
    }
    return sums
}
