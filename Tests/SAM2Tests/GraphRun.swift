import NeuralGraph
import OnnxEngine
import SAM2
import TestSupport
import Weights

/// Runs single graphs of a small model.
struct GraphRun {
    /// Tensors by name, as shapes and values.
    typealias Floats = (shape: [Int], values: [Float])

    let graphs: Sam2Graphs
    let library: RuntimeLibrary
    /// What the reference gives.
    let expected: FixtureTensors
    /// Whether memories say that an object is absent, and pointers how old they are.
    let hasOcclusionEmbedding: Bool
    let configuration: Sam2Configuration
    /// Tokens of a frame.
    let tokens: Int

    /// Graphs for frames of a size, nil for the checkpoint's own, and as a rule without the results
    /// of the backbone's stages.
    init(
        _ model: String,
        side: Int? = nil,
        attention: WideAttention = .chunks(of: 256),
        isProbed: Bool = false
    ) throws {
        let folder = Sam2Fixtures.model(model)
        let own = try Sam2Configuration.read(from: folder)
        configuration = try side.map { try own.resized(to: $0) } ?? own
        tokens = configuration.featureSize * configuration.featureSize
        graphs = try Sam2Graphs(
            configuration,
            weights: try CheckpointWeights(folder),
            processing: try Sam2ImageProcessing.read(from: folder),
            attention: attention,
            isProbed: isProbed
        )
        library = try TestTools.library()
        expected = try Sam2Fixtures.tensors("expected", of: model, side: side)
        hasOcclusionEmbedding = configuration.memory.hasOcclusionEmbedding
    }

    /// A tensor of 32-bit floats.
    func floats(_ tensor: Floats) throws -> Tensor {
        try Tensor(.float32, tensor.shape, library: library) { bytes in
            tensor.values.withUnsafeBytes { bytes.copyMemory(from: $0) }
        }
    }

    /// A tensor of whole numbers.
    func integers(_ values: [Int]) throws -> Tensor {
        try Tensor(.int64, [values.count], library: library) { bytes in
            values.map(Int64.init).withUnsafeBytes { bytes.copyMemory(from: $0) }
        }
    }

    /// All outputs of a graph.
    func run(_ graph: Graph, _ inputs: [String: Tensor]) async throws -> [String: [Float]] {
        let session = try Session(graph, library: library, settings: SessionSettings(threads: 1))
        let wanted = graph.outputs.map { ($0.name, Session.Placement.host) }
        return try await session.run(inputs, outputs: Dictionary(uniqueKeysWithValues: wanted))
            .mapValues { try $0.withFloats { Array($0) } }
    }

    /// Points, in pixels of the model's input, as the mask decoder takes them: [tokens, width].
    func sparse(_ points: [(x: Float, y: Float)], _ labels: [Int]) async throws -> [Float] {
        let side = Float(configuration.imageSize)
        // One more fills up.
        let places: [Float] =
            points.flatMap { [($0.x + 0.5) / side, ($0.y + 0.5) / side] } + [0, 0]
        let kinds = (labels + [-1]).map { $0 < 0 ? 4 : $0 }
        let outputs = try await run(
            graphs.pointEncoder,
            [
                "points": try floats(([kinds.count, 2], places)),
                "kinds": try integers(kinds),
            ]
        )
        return outputs["sparse"] ?? []
    }

    /// Features that lie channel by channel, [channels, rows, columns], as rows of pixels.
    static func rows(_ tensor: Floats) -> Floats {
        let channels = tensor.shape[0]
        let count = tensor.values.count / channels
        var rows = [Float](repeating: 0, count: tensor.values.count)
        for channel in 0..<channels {
            for pixel in 0..<count {
                rows[pixel * channels + channel] = tensor.values[channel * count + pixel]
            }
        }
        return ([count, channels], rows)
    }

    /// The largest difference divided by the range of the reference's values; infinite when they
    /// are not as many.
    static func error(_ ours: [Float]?, _ reference: [Float]) -> Float {
        guard let ours, ours.count == reference.count, let least = reference.min(),
            let most = reference.max()
        else { return .infinity }
        let largest = zip(ours, reference).reduce(0) { max($0, abs($1.0 - $1.1)) }
        return most > least ? largest / (most - least) : largest
    }
}
