import DepthAnythingV2
import NeuralGraph
import OnnxEngine
import TestSupport
import Testing
import Weights

/// What must hold of the model whatever its weights are.
@Suite struct MetamorphicTests {
    private static let folder = DepthFixtures.folder.appending("tiny")
    private static let (width, height) = (70, 56)

    /// A frame whose sides are multiples of nothing.
    private static let frame = (0..<width * height * 3).map {
        UInt8(truncatingIfNeeded: $0 * $0 / 7)
    }

    @Test func aFrameAndTheNumbersMadeOfItHaveTheSameDepth() async throws {
        let processing = try DepthImageProcessing.read(from: Self.folder)
        let weights = try CheckpointWeights(Self.folder)
        let ofFrame = try await depth(weights, .frame(processing))
        let ofNumbers = try await depth(weights, .pixelValues)
        #expect(Self.difference(ofFrame, ofNumbers) < 1e-4)
    }

    /// The last layer is linear where its result is positive, and so is what follows it.
    @Test(arguments: [2, 0.5] as [Float])
    func weightsOfTheLastLayerScaleTheDepth(factor: Float) async throws {
        let weights = try CheckpointWeights(Self.folder)
        let scaled = Scaled(weights, ["head.conv3.weight", "head.conv3.bias"], by: factor)
        let plain = try await depth(weights, .pixelValues)
        let other = try await depth(scaled, .pixelValues)
        #expect(Self.difference(plain.map { $0 * factor }, other) < 1e-5)
    }

    /// A layer whose scales are zero is left out by its residual connections.
    @Test func aLayerThatCountsNothingChangesNothing() async throws {
        let weights = try CheckpointWeights(Self.folder)
        let layer = "backbone.encoder.layer.3."
        let scales = ["layer_scale1.lambda1", "layer_scale2.lambda1"].map { layer + $0 }
        let silent = Scaled(weights, scales, by: 0)
        let silentAndOther = Scaled(
            silent,
            [layer + "mlp.fc1.weight", layer + "norm1.bias"],
            by: 3
        )
        let first = try await depth(silent, .pixelValues)
        let second = try await depth(silentAndOther, .pixelValues)
        #expect(first == second)
        #expect(Self.difference(first, try await depth(weights, .pixelValues)) > 1e-3)
    }

    private func depth(
        _ weights: any WeightSource,
        _ input: DepthAnything.Input
    ) async throws -> [Float] {
        let configuration = try DepthAnythingConfiguration.read(from: Self.folder)
        let graph = try DepthAnything(configuration, weights: weights)
            .graph(input, width: Self.width, height: Self.height)
        let library = try TestTools.library()
        let session = try Session(graph, library: library, settings: SessionSettings(threads: 1))
        let port = try #require(graph.inputs.first)
        let shape = try #require(port.shape.counts)
        let tensor = try Tensor(port.type, shape, library: library) { bytes in
            if port.type == .uint8 {
                bytes.copyBytes(from: Self.frame)
            } else {
                try Self.pixelValues().withUnsafeBytes { bytes.copyMemory(from: $0) }
            }
        }
        let outputs = try await session.run([port.name: tensor], outputs: ["depth": .host])
        return try #require(try outputs["depth"]?.withFloats { Array($0) })
    }

    /// The frame as the processor's settings make it: [3, rows, columns].
    private static func pixelValues() throws -> [Float] {
        let processing = try DepthImageProcessing.read(from: folder)
        return (0..<3).flatMap { colour in
            (0..<width * height).map { place in
                let part = Double(frame[place * 3 + colour]) * processing.rescaleFactor
                return Float((part - processing.mean[colour]) / processing.deviation[colour])
            }
        }
    }

    private static func difference(_ first: [Float], _ second: [Float]) -> Float {
        guard first.count == second.count, let least = first.min(), let most = first.max() else {
            return .infinity
        }
        return zip(first, second).reduce(0) { max($0, abs($1.0 - $1.1)) } / (most - least)
    }
}

/// Weights of which some are multiplied with a number.
private struct Scaled: WeightSource {
    let name = "scaled"
    let keys: [String]
    private let source: any WeightSource
    private let changed: WrittenWeights

    init(_ source: any WeightSource, _ keys: [String], by factor: Float) {
        self.source = source
        self.keys = source.keys
        changed = keys.reduce(WrittenWeights()) { written, key in
            guard let tensor = source.tensor(key) else { return written }
            return written.adding(key, tensor.shape, tensor.floats().map { $0 * factor })
        }
    }

    func tensor(_ key: String) -> StoredTensor? { changed.tensor(key) ?? source.tensor(key) }
}
