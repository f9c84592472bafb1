import OnnxEngine
import SileroVAD
import TestSupport
import Testing

/// The published weights against the package's own code, on 30 s of audio.
@Suite struct ParityTests {
    private static let tolerance: Float = 1e-4

    private let fixtures: SileroFixtures
    private let detector: SpeechDetector

    init() throws {
        fixtures = try SileroFixtures()
        detector = try SpeechDetector(
            weights: TestTools.sileroWeights(),
            library: TestTools.library(),
            settings: SessionSettings(threads: 1)
        )
    }

    private static func difference(_ ours: [Float], _ others: [Float]) -> Float {
        guard ours.count == others.count else { return .infinity }
        return zip(ours, others).reduce(0) { max($0, abs($1.0 - $1.1)) }
    }

    /// In runs of 16 s, of a few steps, and of one step at a time.
    @Test(arguments: [512, 7, 1])
    func probabilitiesAreThePackages(steps: Int) async throws {
        let samples = try fixtures.samples()
        var memory = SpeechDetector.Memory()
        let ours = try await detector.probabilities(of: samples, &memory, mostSteps: steps)
        #expect(ours.count == 938 && ours.allSatisfy { (0...1).contains($0) })
        for key in ["probabilities", "together"] {
            let difference = Self.difference(ours, try fixtures.expected.floats(key).values)
            #expect(difference <= Self.tolerance, "\(key): \(difference)")
        }
    }

    @Test func samplesMayComeInParts() async throws {
        let samples = try fixtures.samples()
        var (whole, parts) = (SpeechDetector.Memory(), SpeechDetector.Memory())
        let expected = try await detector.probabilities(of: samples, &whole)
        var ours: [Float] = []
        for start in stride(from: 0, to: samples.count, by: 100 * SpeechDetector.step) {
            let end = min(start + 100 * SpeechDetector.step, samples.count)
            ours += try await detector.probabilities(of: Array(samples[start..<end]), &parts)
        }
        #expect(Self.difference(ours, expected) <= Self.tolerance)
        let silence = [Float](repeating: 0, count: SpeechDetector.step)
        let next = try await detector.probabilities(of: silence, &whole)
        #expect(Self.difference(try await detector.probabilities(of: silence, &parts), next) < 1e-4)
    }

    @Test func segmentsAreThePackages() async throws {
        let samples = try fixtures.samples()
        var memory = SpeechDetector.Memory()
        let probabilities = try await detector.probabilities(of: samples, &memory)
        let segments = SpeechSegments().find(in: probabilities, sampleCount: samples.count)
        #expect(segments == fixtures.speech)
    }

    @Test func noSamplesHaveNoProbabilitiesAndChangeNothing() async throws {
        var memory = SpeechDetector.Memory()
        #expect(try await detector.probabilities(of: [], &memory).isEmpty)
        #expect(memory == SpeechDetector.Memory())
    }

    @Test func silenceIsNoSpeech() async throws {
        var memory = SpeechDetector.Memory()
        let silence = [Float](repeating: 0, count: 60 * SpeechDetector.sampleRate)
        let probabilities = try await detector.probabilities(of: silence, &memory)
        #expect(probabilities.count == 1875 && probabilities.allSatisfy { $0 < 0.2 })
        #expect(SpeechSegments().find(in: probabilities, sampleCount: silence.count).isEmpty)
    }
}
