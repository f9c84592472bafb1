import Diagnostics
import Files
import OnnxEngine
import SileroVAD
import SystemPackage
import TestSupport
import Testing
import Weights

/// The published weights, and files that are others.
@Suite struct WeightTests {
    /// Every tensor is used, and all that are used are there.
    @Test func thePublishedWeightsAreThoseOfTheModel() throws {
        let list = try WeightList(SileroFixtures.weightList)
        let count = list.keys.compactMap { list.tensor($0)?.shape.reduce(1, *) }.reduce(0, +)
        #expect(list.keys.count == 15 && count == 309_633)
        _ = try SpeechGraph(weights: list).build()
    }

    @Test func weightsOfAnotherModelAreRefused() throws {
        let weights = WrittenWeights().adding("model.weight", [1], [1] as [Float])
        let error = #expect(throws: EightCutError.self) {
            try SpeechGraph(weights: weights).build()
        }
        #expect(error?.code == .inputUnusable)
        let why = "the tensor model.stft.forward_basis_buffer is missing"
        #expect(error?.why.hasPrefix(exactly: why) == true)
    }

    @Test func weightsMayNotBeMore() throws {
        let folder = try TemporaryFolder()
        let published = try OnnxWeights(file: TestTools.sileroWeights())
        let tensors = published.keys.compactMap { published.tensor($0) }.map {
            OnnxFile.tensor(
                $0.key,
                $0.shape,
                $0.bytes.map { Array($0.bindMemory(to: Float.self)) } ?? []
            )
        }
        let bytes = OnnxFile.model(of: tensors + [OnnxFile.tensor("model.other", [1], [1])])
        try bytes.withUnsafeBytes { try AtomicFile.write($0, to: folder["x.onnx"]) }
        let error = #expect(throws: EightCutError.self) {
            try SpeechDetector(
                weights: folder["x.onnx"],
                library: TestTools.library(),
                settings: SessionSettings(threads: 1)
            )
        }
        #expect(error?.why.hasSuffix(exactly: "does not belong to the model: model.other") == true)
    }

    @Test func aFileThatIsNotThereIsNamed() throws {
        let error = #expect(throws: EightCutError.self) {
            try SpeechDetector(
                weights: "/no-such-folder/silero_vad_16k_op15.onnx",
                library: TestTools.library(),
                settings: SessionSettings(threads: 1)
            )
        }
        #expect(error?.code == .inputMissing)
        #expect(error?.subject == "/no-such-folder/silero_vad_16k_op15.onnx")
    }
}
