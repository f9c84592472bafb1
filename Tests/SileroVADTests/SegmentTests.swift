import SileroVAD
import TestSupport
import Testing

/// The rule that makes segments of probabilities.
@Suite struct SegmentTests {
    private static let step = SpeechDetector.step

    @Test func segmentsAreThePackagesWhateverTheParameters() throws {
        let fixtures = try SileroFixtures()
        #expect(fixtures.rules.count == 11)
        for rule in fixtures.rules {
            let probabilities = try fixtures.expected.floats("rule.\(rule.index)").values
            let segments = Self.segments(of: rule)
                .find(in: probabilities, sampleCount: rule.sampleCount)
            #expect(segments == rule.segments, "rule \(rule.index)")
        }
    }

    private static func segments(of rule: SileroFixtures.Rule) -> SpeechSegments {
        var result = SpeechSegments()
        result.threshold = rule.number("threshold") ?? result.threshold
        result.lowerThreshold = rule.number("neg_threshold")
        result.shortestSpeech = rule.number("min_speech_duration_ms") ?? result.shortestSpeech
        result.shortestSilence = rule.number("min_silence_duration_ms") ?? result.shortestSilence
        result.padding = rule.number("speech_pad_ms") ?? result.padding
        result.longestSpeech =
            rule.number("max_speech_duration_s").map { $0 * 1000 } ?? result.longestSpeech
        result.shortestSilenceToDivide =
            rule.number("min_silence_at_max_speech") ?? result.shortestSilenceToDivide
        result.dividesInLongestSilence = rule.flag("use_max_poss_sil_at_max_speech") ?? true
        return result
    }

    private static func probabilities(_ parts: (Float, Int)...) -> [Float] {
        parts.flatMap { Array(repeating: $0.0, count: $0.1) }
    }

    @Test func speechIsPaddedAndEndsAfterALongSilence() {
        let probabilities = Self.probabilities((0, 10), (1, 20), (0, 10))
        let segments = SpeechSegments().find(in: probabilities, sampleCount: 40 * Self.step)
        #expect(segments == [10 * Self.step - 480..<30 * Self.step + 480])
    }

    @Test func aShortSilenceEndsNothing() {
        let probabilities = Self.probabilities((0, 10), (1, 10), (0, 3), (1, 10), (0, 10))
        #expect(SpeechSegments().find(in: probabilities, sampleCount: 43 * Self.step).count == 1)
    }

    @Test func shortSpeechIsNone() {
        let probabilities = Self.probabilities((0, 10), (1, 7), (0, 10))
        #expect(SpeechSegments().find(in: probabilities, sampleCount: 27 * Self.step).isEmpty)
    }

    @Test func speechUntilTheEndEndsWithTheAudio() {
        let count = 30 * Self.step - 17
        let segments = SpeechSegments().find(in: Self.probabilities((1, 30)), sampleCount: count)
        #expect(segments == [0..<count])
    }

    @Test func nothingHasNoSegments() {
        #expect(SpeechSegments().find(in: [], sampleCount: 0).isEmpty)
    }

    /// Whatever the probabilities and the parameters, segments are in order and within the audio.
    @Test func segmentsNeverOverlap() {
        var random = RandomSource(seed: 5)
        for _ in 0..<500 {
            var rule = SpeechSegments()
            rule.longestSpeech = .random(in: 200...3000, using: &random)
            rule.shortestSilence = .random(in: 0...400, using: &random)
            rule.shortestSpeech = .random(in: 0...400, using: &random)
            rule.padding = .random(in: 0...300, using: &random)
            rule.dividesInLongestSilence = .random(using: &random)
            let count = Int.random(in: 1...300, using: &random)
            let probabilities = (0..<count).map { _ in Float.random(in: 0...1, using: &random) }
            let samples = count * Self.step - .random(in: 0..<Self.step, using: &random)
            let segments = rule.find(in: probabilities, sampleCount: samples)
            #expect(segments.allSatisfy { $0.lowerBound >= 0 && $0.upperBound <= samples })
            for (left, right) in zip(segments, segments.dropFirst()) {
                #expect(left.upperBound <= right.lowerBound)
            }
        }
    }
}
