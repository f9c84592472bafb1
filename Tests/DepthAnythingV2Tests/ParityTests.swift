import DepthAnythingV2
import Imaging
import NeuralGraph
import OnnxEngine
import SystemPackage
import TestSupport
import Testing
import Weights

/// The model against the reference implementation, on small random checkpoints.
///
/// Errors are relative: the largest difference divided by the range of the reference's values.
@Suite struct ParityTests {
    /// What is demanded of depth. Both sides compute in 32 bits in another order; 1e-6 is seen.
    private static let depthTolerance: Float = 1e-4
    /// What is demanded of resized pixels; none that differs is seen.
    private static let pixelTolerance = (levels: Float(2), part: 0.005)

    @Test(arguments: ["tiny", "tiny-sharded-old"])
    func depthOfTheReferencesPixelsIsTheReferences(model: String) async throws {
        let expected = try DepthFixtures.tensors("expected", of: model)
        let names = expected.keys.filter { $0.hasSuffix(".pixel_values") }
        try #require(!names.isEmpty)
        for name in names {
            let frame = String(name.dropLast(".pixel_values".count))
            let pixels = try expected.floats(name)
            let reference = try expected.floats(frame + ".predicted")
            let depth = try await run(model, pixels.values, shape: pixels.shape)["depth"]
            let error = try Self.error(#require(depth), reference.values)
            #expect(error <= Self.depthTolerance, "\(frame): \(error)")
        }
    }

    /// A strip of one row, of several, and all rows in one strip.
    @Test(arguments: [1, 20_000, 1 << 30])
    func depthInStripsIsTheReferences(bytes: Int) async throws {
        let expected = try DepthFixtures.tensors("expected", of: "tiny")
        for name in expected.keys where name.hasSuffix(".pixel_values") {
            let frame = String(name.dropLast(".pixel_values".count))
            let pixels = try expected.floats(name)
            let reference = try expected.floats(frame + ".predicted")
            let results = try await run(
                "tiny",
                pixels.values,
                shape: pixels.shape,
                stripBytes: bytes
            )
            let error = try Self.error(#require(results["depth"]), reference.values)
            #expect(error <= Self.depthTolerance, "\(frame): \(error)")
        }
    }

    /// As large checkpoints are read.
    @Test func weightsThatStayInTheFileGiveTheSame() async throws {
        let expected = try DepthFixtures.tensors("expected", of: "tiny")
        let pixels = try expected.floats("landscape-128x72.pixel_values")
        var settings = SessionSettings(threads: 1)
        let packed = try await run("tiny", pixels.values, shape: pixels.shape, settings)
        settings.mostPackedBytes = 0
        let mapped = try await run("tiny", pixels.values, shape: pixels.shape, settings)
        let error = Self.error(try #require(mapped["depth"]), try #require(packed["depth"]))
        #expect(error < 1e-5, "\(error)")
    }

    @Test func everyLayerGivesWhatTheReferencesGives() async throws {
        let layers = try DepthFixtures.tensors("layers", of: "tiny")
        let expected = try DepthFixtures.tensors("expected", of: "tiny")
        let frame = "landscape-128x72"
        let pixels = try expected.floats(frame + ".pixel_values")
        let results = try await run("tiny", pixels.values, shape: pixels.shape, isProbed: true)
        for key in layers.keys where key != "head" {
            let parts = key.split(separator: ".").map(String.init)
            let name = [
                "embeddings": "backbone.embeddings", "encoder": "backbone.encoder.layer",
                "tapped": "backbone.feature_maps", "reassembled": "neck.reassemble_stage.layers",
                "fused": "neck.fusion_stage.layers",
            ][parts[0]]
            let probe = ([try #require(name)] + parts.dropFirst()).joined(separator: ".")
            let ours = try #require(results[probe], "\(probe) is missing")
            let error = Self.error(ours, try layers.floats(key).values)
            #expect(error <= Self.depthTolerance, "\(probe): \(error)")
        }
    }

    @Test(arguments: ["tiny", "tiny-sharded-old"])
    func preprocessedPixelsAreTheReferences(model: String) throws {
        let folder = DepthFixtures.folder.appending(model)
        let processing = try DepthImageProcessing.read(from: folder)
        let expected = try DepthFixtures.tensors("expected", of: model)
        let frames = try DepthFixtures.tensors("frames")
        for name in expected.keys where name.hasSuffix(".pixel_values") {
            let frame = try frames.bytes(String(name.dropLast(".pixel_values".count)))
            let reference = try expected.floats(name)
            let (rows, columns) = (reference.shape[1], reference.shape[2])
            let resize = AntialiasedResize(
                from: (frame.shape[1], frame.shape[0]),
                to: (columns, rows),
                filter: processing.resampling == .bicubic ? .bicubic : .bilinear
            )
            var resized = [UInt8](repeating: 0, count: rows * columns * 3)
            frame.values.withUnsafeBufferPointer { source in
                resized.withUnsafeMutableBufferPointer { resize.resize(source, into: $0) }
            }
            var differing = 0
            var largest: Float = 0
            for (index, value) in reference.values.enumerated() {
                let (channel, place) = index.quotientAndRemainder(dividingBy: rows * columns)
                let level =
                    (value * Float(processing.deviation[channel])
                        + Float(processing.mean[channel])) / Float(processing.rescaleFactor)
                let difference = abs(level.rounded() - Float(resized[place * 3 + channel]))
                if difference > 0 { differing += 1 }
                largest = max(largest, difference)
            }
            #expect(largest <= Self.pixelTolerance.levels, "\(name)")
            let part = Double(differing) / Double(reference.values.count)
            #expect(part <= Self.pixelTolerance.part, "\(name): \(part)")
        }
    }

    /// Runs a small model on one frame: [3, rows, columns].
    private func run(
        _ model: String,
        _ pixels: [Float],
        shape: [Int],
        _ settings: SessionSettings = SessionSettings(threads: 1),
        stripBytes: Int? = nil,
        isProbed: Bool = false
    ) async throws -> [String: [Float]] {
        let folder = DepthFixtures.folder.appending(model)
        let graph = try DepthAnything(
            try DepthAnythingConfiguration.read(from: folder),
            weights: try CheckpointWeights(folder)
        ).graph(
            .pixelValues,
            width: shape[2],
            height: shape[1],
            stripBytes: stripBytes,
            isProbed: isProbed
        )
        let library = try TestTools.library()
        let session = try Session(graph, library: library, settings: settings)
        let input = try Tensor(.float32, [1] + shape, library: library) { bytes in
            pixels.withUnsafeBytes { bytes.copyMemory(from: $0) }
        }
        let wanted = graph.outputs.map { ($0.name, Session.Placement.host) }
        let outputs = try await session.run(
            ["pixel_values": input],
            outputs: Dictionary(uniqueKeysWithValues: wanted)
        )
        return try outputs.mapValues { try $0.withFloats { Array($0) } }
    }

    private static func error(_ ours: [Float], _ reference: [Float]) -> Float {
        guard ours.count == reference.count, let least = reference.min(),
            let most = reference.max()
        else { return .infinity }
        let largest = zip(ours, reference).reduce(0) { max($0, abs($1.0 - $1.1)) }
        return largest / (most - least)
    }
}
