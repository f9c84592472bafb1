import Detection
import Diagnostics
import Imaging
import NeuralGraph
import OnnxEngine
import SystemPackage
import Weights

/// OWLv2 at work: finds things by their names in frames of any size.
package final class Owlv2Detector: ObjectDetector {
    /// Unit vectors, one for each group of texts.
    package struct Queries: Sendable {
        /// [groups, channels], row by row.
        let values: [Float]
        let count: Int
    }

    private let configuration: Owlv2Configuration
    private let processing: Owlv2ImageProcessing
    private let reader: Owlv2TextReader
    private let text: Session
    private let image: Session
    private let skipsPadding: Bool

    /// Loads a checkpoint.
    ///
    /// - Parameters:
    ///   - folder: the checkpoint's folder.
    ///   - precision: the number format to compute in.
    ///   - skipsPadding: whether patches in which there is nothing of the frame are left out, which
    ///     the reference does not: they only pad it to a square.
    ///   - library: runs the model.
    ///   - settings: device, threads and warnings.
    /// - Throws: `EightCutError`: `inputMissing` or `inputUnusable` when the checkpoint is not what
    ///   it should be, `toolFailed` when the library refuses.
    package init(
        checkpoint folder: FilePath,
        precision: Precision = .float32,
        skipsPadding: Bool = false,
        library: RuntimeLibrary,
        settings: SessionSettings
    ) throws {
        configuration = try Owlv2Configuration.read(from: folder)
        processing = try Owlv2ImageProcessing.read(from: folder)
        reader = try Owlv2TextReader(checkpoint: folder)
        guard processing.side == configuration.imageSize else {
            throw EightCutError(
                .inputUnusable,
                "cannot use the model",
                on: folder.string,
                because: "'size' in its image processor's settings is not 'image_size' in "
                    + Owlv2Configuration.fileName
            )
        }
        let weights = try CheckpointWeights(folder)
        let graphs = try Owlv2Graphs(configuration, weights: weights).build(
            precision: precision,
            skipsPadding: skipsPadding
        )
        text = try Session(graphs.text, library: library, settings: settings)
        image = try Session(graphs.image, library: library, settings: settings)
        self.skipsPadding = skipsPadding
        weights.releasePages()
    }

    package func queries(_ groups: [[String]]) async throws -> Queries {
        var values: [Float] = []
        for group in groups {
            var sum = [Float](repeating: 0, count: configuration.projectionSize)
            for text in group {
                for (index, value) in try await query(text).enumerated() { sum[index] += value }
            }
            // Logits are linear in the query, so the mean of queries gives the mean of logits.
            values += sum.map { $0 / Float(group.count) }
        }
        return Queries(values: values, count: groups.count)
    }

    /// A text as a unit vector.
    private func query(_ words: String) async throws -> [Float] {
        let tokens = try reader.tokens(of: words)
        let output = try await text.run(
            [
                "ids": try integers(tokens.map(Int64.init), text.library),
                "positions": try integers(tokens.indices.map(Int64.init), text.library),
            ],
            outputs: ["query": .host]
        )
        return try floats("query", of: output)
    }

    package func detections(in frame: VideoFrame, of queries: Queries) async throws -> [Detection] {
        let side = processing.side
        let resize = Owlv2Resize(processing, width: frame.width, height: frame.height)
        let pixels = try Tensor(.float32, [1, 3, side, side], library: image.library) { target in
            frame.withPlane(0) { _, samples in
                resize.resize(samples, into: target.assumingMemoryBound(to: Float.self))
            }
        }
        let shape = [queries.count, configuration.projectionSize]
        let texts = try Tensor(.float32, shape, library: image.library) { target in
            queries.values.withUnsafeBytes { target.copyMemory(from: $0) }
        }
        var inputs = ["pixel_values": pixels, "queries": texts]
        if skipsPadding {
            // The class token, then the patches.
            let patches = resize.patchesInFrame(of: configuration.patchSize)
            inputs["kept"] = try integers([0] + patches.map { Int64($0 + 1) }, image.library)
        }
        let outputs = try await image.run(
            inputs,
            outputs: ["logits": .host, "boxes": .host, "objectness": .host]
        )
        let logits = try floats("logits", of: outputs)
        let boxes = try floats("boxes", of: outputs)
        // Boxes are parts of the padded square.
        let scale = Float(max(frame.width, frame.height))
        let rows = try floats("objectness", of: outputs).enumerated()
        return rows.dropFirst(skipsPadding ? 1 : 0).map { index, objectness in
            let box = boxes[index * 4..<index * 4 + 4].map { $0 * scale }
            return Detection(
                box: DetectionBox(
                    x0: box[0] - box[2] / 2,
                    y0: box[1] - box[3] / 2,
                    x1: box[0] + box[2] / 2,
                    y1: box[1] + box[3] / 2
                ),
                logits: Array(logits[index * queries.count..<(index + 1) * queries.count]),
                objectness: objectness
            )
        }
    }

    private func integers(_ values: [Int64], _ library: RuntimeLibrary) throws -> Tensor {
        try Tensor(.int64, [values.count], library: library) { target in
            values.withUnsafeBytes { target.copyMemory(from: $0) }
        }
    }

    private func floats(_ name: String, of outputs: [String: Tensor]) throws -> [Float] {
        guard let output = outputs[name] else {
            throw EightCutError(
                .internalFault,
                "cannot run the model",
                because: "it gives no \(name)"
            )
        }
        return try output.withFloats { Array($0) }
    }
}
