/// Which parts of audio are speech, by the probabilities of its steps: the rule of Silero VAD's
/// `get_speech_timestamps_from_probs`, sample for sample. Times are in milliseconds.
package struct SpeechSegments: Sendable, Equatable {
    /// Speech begins where a probability is this or more.
    package var threshold = 0.5
    /// Speech may end where a probability is below this; nil: 0.15 below `threshold`, but 0.01 or
    /// more.
    package var lowerThreshold: Double?
    /// Speech that is not longer than this is none.
    package var shortestSpeech = 250.0
    /// Speech that is longer than this is divided.
    package var longestSpeech = Double.infinity
    /// Speech ends only in silence of this length or more.
    package var shortestSilence = 100.0
    /// What is added at both ends, or half of the silence between two segments.
    package var padding = 30.0
    /// Speech that is too long is divided in silence that is longer than this, where there is any.
    package var shortestSilenceToDivide = 98.0
    /// Whether it is divided in the longest such silence, and not in the last.
    package var dividesInLongestSilence = true

    /// The rule's defaults.
    package init() {}

    /// Finds the segments.
    ///
    /// - Parameters:
    ///   - probabilities: one for each step of 512 samples.
    ///   - sampleCount: samples of the audio, whose end may be in the middle of a step.
    /// - Returns: ranges of samples, in order, which do not overlap.
    package func find(in probabilities: [Float], sampleCount: Int) -> [Range<Int>] {
        var search = Search(self)
        for (index, probability) in probabilities.enumerated() {
            search.take(Double(probability), at: index * SpeechDetector.step)
        }
        return padded(search.finish(at: sampleCount), sampleCount: sampleCount)
    }

    /// Segments with more at both ends, as far as there is audio and they do not meet.
    private func padded(
        _ segments: [(start: Int, end: Int)],
        sampleCount: Int
    ) -> [Range<Int>] {
        let padding = Self.samples(padding)
        var segments = segments
        for index in segments.indices {
            if index == 0 {
                segments[0].start = Int(max(0, Double(segments[0].start) - padding))
            }
            let end = Int(min(Double(sampleCount), Double(segments[index].end) + padding))
            guard index + 1 < segments.count else {
                segments[index].end = end
                continue
            }
            let next = segments[index + 1].start
            let silence = next - segments[index].end
            if Double(silence) < 2 * padding {
                segments[index].end += silence / 2
                segments[index + 1].start = max(0, next - silence / 2)
            } else {
                segments[index].end = end
                segments[index + 1].start = Int(max(0, Double(next) - padding))
            }
        }
        return segments.map { $0.start..<max($0.start, $0.end) }
    }

    fileprivate static func samples(_ milliseconds: Double) -> Double {
        Double(SpeechDetector.sampleRate) * milliseconds / 1000
    }
}

/// The rule on its way through the steps.
private struct Search {
    private let rule: SpeechSegments
    private let lowerThreshold: Double
    private let longest: Double
    private let shortestSilence: Double
    private let shortestSpeech: Double
    private let silenceToDivide: Double

    private var found: [(start: Int, end: Int)] = []
    private var isSpeech = false
    /// Where the present segment began; nil for none.
    private var start: Int?
    /// Where silence in the present segment began that may yet end it; nil for none. It is never
    /// the first step.
    private var silence: Int?
    /// Silences of the present segment in which it can be divided.
    private var gaps: [(start: Int, length: Int)] = []
    /// The last of them, and where speech went on, for the rule that divides in the last: 0 for
    /// none.
    private var lastGap = 0
    private var next = 0

    init(_ rule: SpeechSegments) {
        self.rule = rule
        lowerThreshold = rule.lowerThreshold ?? max(rule.threshold - 0.15, 0.01)
        shortestSilence = SpeechSegments.samples(rule.shortestSilence)
        shortestSpeech = SpeechSegments.samples(rule.shortestSpeech)
        silenceToDivide = SpeechSegments.samples(rule.shortestSilenceToDivide)
        longest =
            SpeechSegments.samples(rule.longestSpeech) - Double(SpeechDetector.step)
            - 2 * SpeechSegments.samples(rule.padding)
    }

    /// Takes the next step.
    mutating func take(_ probability: Double, at sample: Int) {
        let isAbove = probability >= rule.threshold
        if isAbove, let begin = silence {
            if Double(sample - begin) > silenceToDivide { gaps.append((begin, sample - begin)) }
            silence = nil
            if next < lastGap { next = sample }
        }
        if isAbove, !isSpeech {
            isSpeech = true
            start = sample
            return
        }
        if isSpeech, let begin = start, Double(sample - begin) > longest {
            guard divide(begin, at: sample) else { return }
        }
        if isSpeech, probability < lowerThreshold { takeSilence(at: sample) }
    }

    /// Ends a segment that has become too long.
    ///
    /// - Returns: whether the step is to be looked at further.
    private mutating func divide(_ begin: Int, at sample: Int) -> Bool {
        if rule.dividesInLongestSilence, var gap = gaps.first {
            for other in gaps where other.length > gap.length { gap = other }
            found.append((begin, gap.start))
            // Speech always went on behind a gap.
            start = gap.start + gap.length
            forgetGaps()
            return true
        }
        if lastGap > 0 {
            found.append((begin, lastGap))
            isSpeech = next >= lastGap
            start = isSpeech ? next : nil
            forgetGaps()
            return true
        }
        found.append((begin, sample))
        isSpeech = false
        start = nil
        forgetGaps()
        return false
    }

    private mutating func takeSilence(at sample: Int) {
        let begin = silence ?? sample
        silence = begin
        let length = Double(sample - begin)
        if !rule.dividesInLongestSilence, length > silenceToDivide { lastGap = begin }
        guard length >= shortestSilence else { return }
        if let start, Double(begin - start) > shortestSpeech { found.append((start, begin)) }
        isSpeech = false
        start = nil
        forgetGaps()
    }

    private mutating func forgetGaps() {
        (lastGap, next) = (0, 0)
        silence = nil
        gaps = []
    }

    /// The segments, the last of which may last until the end.
    mutating func finish(at sampleCount: Int) -> [(start: Int, end: Int)] {
        if let start, Double(sampleCount - start) > shortestSpeech {
            found.append((start, sampleCount))
        }
        return found
    }
}
