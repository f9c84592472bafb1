import DepthAnythingV2
import Diagnostics
import NeuralGraph
import TestSupport
import Testing
import Weights

/// The graph, without anything that runs it.
@Suite struct GraphTests {
    @Test(arguments: DepthFixtures.published)
    func thePublishedCheckpointsFitTheModel(name: String) throws {
        let folder = DepthFixtures.published(name)
        let weights = try WeightList(folder.appending("weights.json"))
        let configuration = try DepthAnythingConfiguration.read(from: folder)
        let processing = try DepthImageProcessing.read(from: folder)

        let graph = try DepthAnything(configuration, weights: weights)
            .graph(.frame(processing), width: 924, height: 518)

        #expect(graph.inputs.map(\.shape) == [[518, 924, 3]])
        #expect(graph.outputs.map(\.shape) == [[518, 924]])
        let attentions = graph.nodes.count { $0.op == "MultiHeadAttention" }
        #expect(attentions == configuration.backbone.layers)
    }

    @Test func aMissingTensorIsNamed() throws {
        let key = "backbone.encoder.layer.2.mlp.fc1.weight"
        let error = try error(of: Changed { $0.key == key ? nil : $0 })
        #expect(error?.code == .inputUnusable && error?.why == "the tensor \(key) is missing")
    }

    @Test func aMisshapenTensorIsNamedWithBothShapes() throws {
        let key = "neck.convs.1.weight"
        let error = try error(
            of: Changed {
                $0.key == key ? StoredTensor(key: key, type: .float32, shape: [8, 12]) : $0
            }
        )
        let why = "the tensor \(key) has the shape [8, 12] and not [8, 12, 3, 3]"
        #expect(error?.why == why)
    }

    @Test func aTensorOfWholeNumbersIsNamed() throws {
        let key = "head.conv3.bias"
        let error = try error(
            of: Changed {
                $0.key == key ? StoredTensor(key: key, type: .int32, shape: $0.shape) : $0
            }
        )
        #expect(error?.why.hasPrefix("the tensor \(key) holds") == true)
    }

    @Test func anUnexpectedTensorIsNamed() throws {
        let error = try error(of: Changed(adding: ["head.conv4.weight", "head.conv4.bias"]))
        #expect(error?.why.hasSuffix("head.conv4.bias and 1 more") == true)
        #expect(error?.subject == "changed")
    }

    @Test func severalDiagnosticsAreCounted() throws {
        let error = try error(of: Changed { $0.key.contains("norm1") ? nil : $0 })
        // Four layers with a weight and a bias each.
        let why = "the tensor backbone.encoder.layer.0.norm1.weight is missing (and 7 more)"
        #expect(error?.why == why)
    }

    private func error(of weights: Changed) throws -> EightCutError? {
        let folder = DepthFixtures.folder.appending("tiny")
        let configuration = try DepthAnythingConfiguration.read(from: folder)
        let model = DepthAnything(configuration, weights: weights)
        do {
            _ = try model.graph(.pixelValues, width: 70, height: 70)
            return nil
        } catch let error as EightCutError {
            return error
        }
    }
}

/// The tiny checkpoint with some tensors changed.
private struct Changed: WeightSource {
    let name = "changed"
    let keys: [String]
    private let tensors: [String: StoredTensor]

    init(
        adding added: [String] = [],
        _ change: (StoredTensor) -> StoredTensor? = { $0 }
    ) throws {
        let tiny = try CheckpointWeights(DepthFixtures.folder.appending("tiny"))
        let kept = tiny.keys.compactMap { tiny.tensor($0) }.compactMap(change)
        let new = added.map { StoredTensor(key: $0, type: .float32, shape: [1]) }
        tensors = Dictionary(uniqueKeysWithValues: (kept + new).map { ($0.key, $0) })
        keys = tensors.keys.sorted()
    }

    func tensor(_ key: String) -> StoredTensor? { tensors[key] }
}
