import Diagnostics
import Imaging
import NeuralGraph
import OnnxEngine
import SystemPackage
import Weights

/// Depth Anything V2 at work on the frames of one video.
package final class DepthEstimator: Sendable {
    /// What depth maps contain: inverse depth without a unit, larger is nearer, or metres, larger
    /// is farther.
    package let kind: DepthAnythingConfiguration.DepthKind
    /// Columns of the depth map.
    package let width: Int
    /// Rows of the depth map.
    package let height: Int
    private let processing: DepthImageProcessing
    private let resize: AntialiasedResize
    private let session: Session

    /// Patches that a frame may have. Attention's work grows with the square of their number;
    /// this is ten times what a video of usual proportions has at the usual resolution.
    private static let mostPatches = 32_768

    /// The largest map at full size on a CPU: small enough that others are the peak, and large enough
    /// that the rows which strips have in common do not count.
    private static let stripBytes = 32 << 20

    /// Loads a checkpoint for frames of one size.
    ///
    /// - Parameters:
    ///   - folder: the checkpoint's folder.
    ///   - frame: columns and rows of the frames.
    ///   - shorterSide: the pixels that the shorter side is brought to, about; nil for what the
    ///     checkpoint says.
    ///   - precision: the number format to compute in.
    ///   - library: runs the model.
    ///   - settings: device, threads and warnings.
    /// - Throws: `EightCutError`: `inputMissing` or `inputUnusable` when the checkpoint is not
    ///   what it should be, `usage` when the frames would be too large, `toolFailed` when the
    ///   library refuses.
    package init(
        checkpoint folder: FilePath,
        frame: (width: Int, height: Int),
        shorterSide: Int? = nil,
        precision: Precision = .float32,
        library: RuntimeLibrary,
        settings: SessionSettings
    ) throws {
        let configuration = try DepthAnythingConfiguration.read(from: folder)
        let processing = try DepthImageProcessing.read(from: folder)
        let size = try Self.inputSize(configuration, processing, frame, shorterSide)
        (width, height) = size
        kind = configuration.depthKind
        self.processing = processing
        resize = Self.resize(processing, from: frame, to: size)
        let weights = try CheckpointWeights(folder)
        let model = DepthAnything(configuration, weights: weights)
        let graph = try model.graph(
            .frame(processing),
            width: size.width,
            height: size.height,
            precision: precision,
            stripBytes: settings.device == .cpu ? Self.stripBytes : nil
        )
        session = try Session(graph, library: library, settings: settings)
        weights.releasePages()
    }

    /// The same loaded model for frames of another size that become the same input.
    ///
    /// - Parameters:
    ///   - other: an estimator.
    ///   - frame: columns and rows of the frames; `inputSize` is the same for them.
    package init(sharing other: DepthEstimator, frame: (width: Int, height: Int)) {
        (kind, width, height) = (other.kind, other.width, other.height)
        (processing, session) = (other.processing, other.session)
        resize = Self.resize(processing, from: frame, to: (width, height))
    }

    /// The size of a checkpoint's input for frames of one size. Frames of the same input size can
    /// share a loaded model.
    ///
    /// - Parameters: as for loading it.
    /// - Returns: columns and rows.
    /// - Throws: `EightCutError` when the checkpoint is not what it should be, or the frames would
    ///   be too large.
    package static func inputSize(
        of folder: FilePath,
        frame: (width: Int, height: Int),
        shorterSide: Int?
    ) throws -> (width: Int, height: Int) {
        try inputSize(
            try DepthAnythingConfiguration.read(from: folder),
            try DepthImageProcessing.read(from: folder),
            frame,
            shorterSide
        )
    }

    private static func resize(
        _ processing: DepthImageProcessing,
        from frame: (width: Int, height: Int),
        to size: (width: Int, height: Int)
    ) -> AntialiasedResize {
        AntialiasedResize(
            from: frame,
            to: size,
            filter: processing.resampling == .bicubic ? .bicubic : .bilinear
        )
    }

    /// The size of the model's input.
    private static func inputSize(
        _ configuration: DepthAnythingConfiguration,
        _ processing: DepthImageProcessing,
        _ frame: (width: Int, height: Int),
        _ shorterSide: Int?
    ) throws -> (width: Int, height: Int) {
        let size = processing.inputSize(
            width: frame.width,
            height: frame.height,
            shorterSide: shorterSide
        )
        let patch = configuration.backbone.patchSize
        guard size.width.isMultiple(of: patch), size.height.isMultiple(of: patch) else {
            throw EightCutError(
                .inputUnusable,
                "cannot use the model",
                because: "'ensure_multiple_of' in its image processor's settings does not match "
                    + "'patch_size' in \(DepthAnythingConfiguration.fileName)"
            )
        }
        guard (size.width / patch) * (size.height / patch) <= mostPatches else {
            throw EightCutError(
                .usage,
                "cannot estimate depth",
                because: "frames of \(frame.width) × \(frame.height) become "
                    + "\(size.width) × \(size.height) for the model, which is too large",
                remedy: "Choose a smaller resolution, or crop the video."
            )
        }
        return size
    }

    /// Estimates the depth of one frame.
    ///
    /// - Parameter frame: of format `rgb24`, in the size that the estimator was made for.
    /// - Returns: `width * height` numbers, row by row, in the unit of `kind`.
    /// - Throws: `EightCutError` when the model cannot be run, or `CancellationError`.
    package func depth(of frame: VideoFrame) async throws -> [Float] {
        let input = try Tensor(.uint8, [height, width, 3], library: session.library) { target in
            frame.withPlane(0) { _, samples in
                resize.resize(samples, into: target.assumingMemoryBound(to: UInt8.self))
            }
        }
        let outputs = try await session.run(["frame": input], outputs: ["depth": .host])
        guard let depth = outputs["depth"] else {
            throw EightCutError(
                .internalFault,
                "cannot run the model",
                because: "it gives no depth"
            )
        }
        return try depth.withFloats { Array($0) }
    }
}
