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
        /// The share of the samples that are clipped, 0…1.
        var clipping = 0.0
        /// The share of the frames that are still, 0…1.
        var still = 0.0
        /// The share of the frames that are black, 0…1.
        var black = 0.0
        /// The share of the audio with speech, 0…1; nil where it is not known.
        var speech: Double?
        /// The share of the audio with music, 0…1; nil where it is not known.
        var music: Double?
    }

    private let video: ScannedVideo
    private let silent: [Int32]
    private let power: [Double]
    private let clipped: [Double]
    /// The times of the onsets, in seconds.
    private let onsets: [Double]
    /// The times at which sounds begin, in seconds.
    private let beginnings: [Double]
    private let speech: [Int32]?
    private let music: [Int32]?
    private let still: [Int32]
    /// Frames that have a frame half a second before them.
    private let compared: [Int32]
    private let black: [Int32]

    /// A row of audio has speech or music from this probability on, of 255.
    package static let threshold: UInt8 = 128
    /// A sound that begins so many seconds before the end is cut off.
    private static let latest = 1.0
    /// A frame is black if this share of its pixels is, as to ffmpeg's `blackdetect`.
    private static let blackShare: Float = 0.98

    init(_ video: ScannedVideo, _ settings: FindSettings) {
        self.video = video
        let rows = video.measures.sound?.rows ?? []
        let frames = video.measures.frames
        func sums<Element, Value: AdditiveArithmetic>(
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
        let level = settings.silence.level
        silent = sums(rows) { $0.level < level ? 1 : 0 }
        power = sums(rows) { pow(10, $0.effectsLevel / 10) }
        clipped = sums(rows) { $0.clipping }
        let largest = settings.stillDifference
        still = sums(frames) { ($0.stillness ?? .infinity) < largest ? 1 : 0 }
        compared = sums(frames) { $0.stillness == nil ? 0 : 1 }
        black = sums(frames) { $0.blackShare >= Self.blackShare ? 1 : 0 }
        let threshold = Self.threshold
        speech = video.content.speech.map { values in sums(values) { $0 >= threshold ? 1 : 0 } }
        music = video.content.music.map { values in sums(values) { $0 >= threshold ? 1 : 0 } }
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

    /// The signals of the frames of a window and of the audio beside them.
    ///
    /// - Parameters:
    ///   - frames: the frames, at least one.
    ///   - start: the time of the first, in seconds.
    ///   - duration: in seconds.
    func values(of frames: Range<Int>, start: Double, duration: Double) -> Values {
        var values = Values()
        let rate = Double(SoundRow.rate)
        let most = silent.count - 1
        let first = min(max(0, Int((start * rate - 1e-6).rounded(.up))), most)
        let last = min(max(first, Int(((start + duration) * rate - 1e-6).rounded(.up))), most)
        // What has no audio is silent.
        let length = max(1, Int((duration * rate).rounded()))
        let count = min(last - first, length)
        values.silence = Double(Int(silent[last] - silent[first]) + length - count) / Double(length)
        let mean = max(0, power[last] - power[first]) / Double(max(1, count))
        values.level = mean > 1e-12 ? 10 * log10(mean) : SoundRow.silence
        values.speech = speech.map { Double($0[last] - $0[first]) / Double(max(1, count)) }
        values.music = music.map { Double($0[last] - $0[first]) / Double(max(1, count)) }
        values.clipping = (clipped[last] - clipped[first]) / Double(max(1, count))
        values.onsets =
            Self.index(of: start + duration, in: onsets) - Self.index(of: start, in: onsets)
        let begin = Self.index(of: start, in: beginnings)
        let end = Self.index(of: start + duration, in: beginnings)
        values.beginnings = end - begin
        if begin < end {
            values.firstBeginning = beginnings[begin] - start
            values.endsWithBeginning = beginnings[end - 1] > start + duration - Self.latest
        }
        let pairs = compared[frames.upperBound] - compared[frames.lowerBound]
        values.still = Double(still[frames.upperBound] - still[frames.lowerBound])
            / Double(max(1, pairs))
        values.black = Double(black[frames.upperBound] - black[frames.lowerBound])
            / Double(max(1, frames.count))
        return values
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

    /// The bandwidth of the recording that a shot comes from, in Hz; nil where all is quiet.
    func bandwidth(of frames: Range<Int>) -> Double? {
        let start = video.time(ofFrame: frames.lowerBound)
        let end = video.time(ofFrame: frames.upperBound)
        return video.measures.sound?.window(start: start, duration: end - start).bandwidth
    }
}
