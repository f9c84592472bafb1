import Diagnostics
import OnnxEngine
import SystemPackage
import TestSupport
import Testing
import TransNetV2
import Weights

/// Probabilities against the package's own.
@Suite struct ParityTests {
    private static let tolerance: Float = 1e-4

    private static func network(_ file: FilePath) throws -> ShotNetwork {
        try ShotNetwork(
            weights: file,
            library: TestTools.library(),
            settings: SessionSettings(threads: 2)
        )
    }

    private static func difference(
        _ ours: some Collection<Float>,
        _ others: some Collection<Float>
    ) -> Float {
        guard ours.count == others.count else { return .infinity }
        return zip(ours, others).reduce(0) { max($0, abs($1.0 - $1.1)) }
    }

    /// Random weights, and the published ones.
    @Test(arguments: ["tiny", "published"])
    func probabilitiesAreThePackages(name: String) async throws {
        let file = try name == "tiny" ? TransNetFixtures.tiny : TestTools.transNetWeights()
        let ours = try await Self.network(file).probabilities(frames: TransNetFixtures.frames())
        let expected = try TransNetFixtures().expected
        for (values, key) in [(ours.cut, "cut"), (ours.transition, "transition")] {
            let difference = Self.difference(values, try expected.floats("\(name).\(key)").values)
            #expect(difference <= Self.tolerance, "\(key): \(difference)")
        }
        // The shots of the frames, of which the published network knows.
        if name == "published" {
            #expect(ours.cut.indices.filter { ours.cut[$0] > 0.3 } == [36, 73, 110])
        }
    }

    /// Parts of a video, with their neighbours.
    @Test func partsAreTheWhole() async throws {
        let network = try Self.network(TransNetFixtures.tiny)
        let frames = TransNetFixtures.frames()
        let whole = try await network.probabilities(frames: frames)
        let length = ShotNetwork.frameLength
        for (part, before, behind) in [(0..<75, 0, 25), (25..<125, 25, 25), (75..<130, 25, 0)] {
            let probabilities = try await network.probabilities(
                frames: Array(frames[part.lowerBound * length..<part.upperBound * length]),
                before: before,
                behind: behind
            )
            let wanted = part.lowerBound + before..<part.upperBound - behind
            #expect(Self.difference(probabilities.cut, whole.cut[wanted]) < 1e-5)
            #expect(Self.difference(probabilities.transition, whole.transition[wanted]) < 1e-5)
        }
    }

    @Test(arguments: [0, 1, 49, 50, 51])
    func thereIsOneForEachFrame(count: Int) async throws {
        let frames = TransNetFixtures.frames().prefix(count * ShotNetwork.frameLength)
        let probabilities = try await Self.network(TransNetFixtures.tiny)
            .probabilities(frames: Array(frames))
        #expect(probabilities.cut.count == count && probabilities.transition.count == count)
        #expect(probabilities.cut.allSatisfy { (0...1).contains($0) })
    }

    @Test(arguments: [(100, 0, 0), (3 * 3888, 2, 2), (3888, -1, 0)])
    func bytesThatAreNotFramesAreAnError(bytes: Int, before: Int, behind: Int) async throws {
        let network = try Self.network(TransNetFixtures.tiny)
        let error = await #expect(throws: EightCutError.self) {
            try await network.probabilities(
                frames: Array(repeating: 0, count: bytes),
                before: before,
                behind: behind
            )
        }
        #expect(error?.code == .internalFault)
    }

    /// Every tensor is used, and all that are used are there.
    @Test func thePublishedWeightsAreThoseOfTheModel() throws {
        let list = try WeightList(TransNetFixtures.weightList)
        let count = list.keys.compactMap { list.tensor($0)?.shape.reduce(1, *) }.reduce(0, +)
        #expect(list.keys.count == 90 && count == 7_618_056)
        _ = try ShotGraph(weights: list).build()
    }

    @Test func weightsOfAnotherModelAreRefused() throws {
        let weights = WrittenWeights().adding("model.weight", [1], [1] as [Float])
        let error = #expect(throws: EightCutError.self) {
            try ShotGraph(weights: weights).build()
        }
        #expect(error?.code == .inputUnusable)
        #expect(error?.why.contains(exactly: "is missing") == true)
    }
}
