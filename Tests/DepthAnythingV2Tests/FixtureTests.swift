import DepthAnythingV2
import SystemPackage
import TestSupport
import Testing
import Weights

/// The reference's files are read as they are.
@Suite struct FixtureTests {
    @Test(arguments: zip(DepthFixtures.published, [24.8, 97.5, 335.3]))
    func publishedSizesAreThose(name: String, millions: Double) throws {
        let list = try WeightList(DepthFixtures.published(name).appending("weights.json"))
        let count = list.keys.compactMap { list.tensor($0)?.shape.reduce(1, *) }.reduce(0, +)
        #expect((Double(count) / 1e5).rounded() / 10 == millions)
        let configuration = try DepthAnythingConfiguration.read(from: DepthFixtures.published(name))
        let backbone = configuration.backbone
        let last = "backbone.encoder.layer.\(backbone.layers - 1).attention.attention.query.weight"
        #expect(list.tensor(last)?.shape == [backbone.hiddenSize, backbone.hiddenSize])
        let positions = list.tensor("backbone.embeddings.position_embeddings")?.shape
        #expect(positions == [1, backbone.gridSize * backbone.gridSize + 1, backbone.hiddenSize])
        let size = try DepthImageProcessing.read(from: DepthFixtures.published(name))
            .inputSize(width: 1280, height: 720)
        #expect(size == (924, 518))
    }

    @Test(arguments: DepthFixtures.models)
    func smallCheckpointsFitTheirConfiguration(name: String) throws {
        let folder = DepthFixtures.folder.appending(name)
        let configuration = try DepthAnythingConfiguration.read(from: folder)
        let weights = try CheckpointWeights(folder)
        let backbone = configuration.backbone
        for layer in 0..<backbone.layers {
            let key = "backbone.encoder.layer.\(layer).mlp.fc1.weight"
            #expect(weights.tensor(key)?.shape == [backbone.mlpSize, backbone.hiddenSize])
        }
        #expect(weights.tensor("backbone.encoder.layer.\(backbone.layers).norm1.bias") == nil)
        let type: TensorType = name == "tiny-half" ? .float16 : .float32
        #expect(weights.keys.allSatisfy { weights.tensor($0)?.type == type })
        #expect((configuration.depthKind == .metric) == (name == "tiny-metric"))
        let resampling = try DepthImageProcessing.read(from: folder).resampling
        #expect(resampling == (name == "tiny-sharded-old" ? .bilinear : .bicubic))
    }

    @Test(arguments: DepthFixtures.models)
    func inputsHaveTheExpectedSize(name: String) throws {
        let processing = try DepthImageProcessing.read(from: DepthFixtures.folder.appending(name))
        let frames = try DepthFixtures.tensors("frames")
        let expected = try DepthFixtures.tensors("expected", of: name)
        let suffix = ".predicted"
        let seen = expected.keys.filter { $0.hasSuffix(suffix) }.map { $0.dropLast(suffix.count) }
        #expect(seen.count >= 2)
        for frame in seen {
            let shape = try frames.bytes(String(frame)).shape
            let size = processing.inputSize(width: shape[1], height: shape[0])
            #expect(try expected.floats(frame + suffix).shape == [size.height, size.width])
            #expect(try expected.bytes(frame + ".mask").shape == [shape[0], shape[1]])
        }
    }

    /// A frame that is not resized shows what happens to the numbers alone.
    @Test func pixelsBecomeTheReferencesNumbers() throws {
        let processing = try DepthImageProcessing.read(
            from: DepthFixtures.folder.appending("tiny")
        )
        let frame = try DepthFixtures.tensors("frames").bytes("square-70x70").values
        let expected = try DepthFixtures.tensors("expected", of: "tiny")
            .floats("square-70x70.pixel_values").values
        let count = 70 * 70
        for colour in 0..<3 {
            for index in 0..<count {
                let value = Double(frame[index * 3 + colour]) * processing.rescaleFactor
                let number = (value - processing.mean[colour]) / processing.deviation[colour]
                #expect(abs(number - Double(expected[colour * count + index])) < 1e-5)
            }
        }
    }
}
