import Diagnostics
import NeuralGraph
import SAM2
import SystemPackage
import TestSupport
import Testing
import Weights

@Suite struct GraphTests {
    /// The published checkpoints of which names and shapes are there.
    private static let published = ["tiny", "small", "base-plus", "large", "2.0-tiny", "edgetam"]

    private static func folder(_ name: String) -> FilePath {
        Sam2Fixtures.folder.appending("published").appending(name)
    }

    private static func graphs(_ name: String, without key: String? = nil) throws -> Sam2Graphs {
        let list = try WeightList(folder(name).appending("weights.json"))
        return try Sam2Graphs(
            try Sam2Configuration.read(from: folder(name)),
            weights: Shortened(list: list, missing: key),
            processing: try Sam2ImageProcessing.read(from: folder(name))
        )
    }

    @Test(arguments: published)
    func everyTensorOfAPublishedCheckpointIsUsed(name: String) throws {
        let graphs = try Self.graphs(name)
        #expect(graphs.imageEncoder.outputs.map(\.name).contains("features"))
        let masks = try #require(graphs.maskDecoder.outputs.first { $0.name == "masks" })
        #expect(masks.shape == [4, 256, 256])
    }

    @Test(arguments: [
        "prompt_encoder.shared_embedding.positional_embedding",
        "shared_image_embedding.positional_embedding",
    ])
    func eitherOfTheTwoEqualTensorsMayBeMissing(key: String) throws {
        _ = try Self.graphs("tiny", without: key)
    }

    @Test(arguments: [
        "memory_attention.layers.3.linear2.weight", "vision_encoder.backbone.pos_embed",
        "mask_decoder.iou_token.weight", "no_object_pointer", "mask_downsample.bias",
        "occlusion_spatial_embedding_parameter",
    ])
    func aMissingTensorIsNamed(key: String) throws {
        let error = #expect(throws: EightCutError.self) {
            _ = try Self.graphs("tiny", without: key)
        }
        #expect(error?.code == .inputUnusable)
        #expect(error?.why.contains(key) ?? false, "\(error?.why ?? "")")
    }

    @Test func weightsOfAnotherSizeAreRefused() throws {
        let list = try WeightList(Self.folder("large").appending("weights.json"))
        let error = #expect(throws: EightCutError.self) {
            _ = try Sam2Graphs(
                try Sam2Configuration.read(from: Self.folder("tiny")),
                weights: list,
                processing: try Sam2ImageProcessing.read(from: Self.folder("tiny"))
            )
        }
        #expect(error?.code == .inputUnusable)
    }

    @Test func tensorsThatOnlyANewerVersionHasAreRefusedInAnOlderOne() throws {
        let list = try WeightList(Self.folder("tiny").appending("weights.json"))
        let error = #expect(throws: EightCutError.self) {
            _ = try Sam2Graphs(
                try Sam2Configuration.read(from: Self.folder("2.0-tiny")),
                weights: list,
                processing: try Sam2ImageProcessing.read(from: Self.folder("2.0-tiny"))
            )
        }
        #expect(error?.why.contains("occlusion_spatial_embedding_parameter") ?? false)
    }
}

/// A list of weights without one of them.
private struct Shortened: WeightSource {
    let list: WeightList
    let missing: String?

    var name: String { list.name }
    var keys: [String] { list.keys.filter { $0 != missing } }
    func tensor(_ key: String) -> StoredTensor? { key == missing ? nil : list.tensor(key) }
}
