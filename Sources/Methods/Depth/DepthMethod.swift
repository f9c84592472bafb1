import DepthAnythingV2
import DepthMasks
import Imaging
import MaskPipeline
import MaskStore
import Media
import OnnxEngine

/// Masks of what is near, by Depth Anything V2.
package struct DepthMethod: MaskMethod {
    private let parameters: DepthSettings
    private let model: CheckpointModel

    /// Changes whenever the same settings give other masks than before.
    private static let revision = 1.0

    /// A method with these parameters and this model.
    package init(_ parameters: DepthSettings, model: CheckpointModel) {
        self.parameters = parameters
        self.model = model
    }

    /// "depth".
    package let name = "depth"

    /// The parameters, the model by its weights, and the revision of the method.
    package var settings: [String: SettingValue] {
        var settings = parameters.described
        settings["revision"] = .number(Self.revision)
        return settings.merging(model.described) { own, _ in own }
    }

    /// The folder of the depth maps, where they are kept.
    package var sideFolders: [String] { parameters.keepsDepth ? [AuxiliaryImage.depthFolder] : [] }

    /// What the model is made for.
    package let pixelFormat = PixelFormat.rgb24

    /// Loads the model for one video.
    package func makeSession(for video: MaskVideo) throws -> any MaskSession {
        let estimator = try DepthEstimator(
            checkpoint: model.folder,
            frame: (video.stream.width, video.stream.height),
            shorterSide: parameters.resolution,
            precision: model.precision,
            library: model.library,
            settings: model.session
        )
        let upsampling = BicubicUpsampling(
            from: (estimator.width, estimator.height),
            to: (video.stream.width, video.stream.height)
        )
        let drawing = DepthDrawing(upsampling: upsampling, parameters: parameters)
        if parameters.isSteady { return SteadyDepthSession(estimator: estimator, drawing: drawing) }
        return DepthSession(estimator: estimator, drawing: drawing)
    }
}

/// Each frame by itself: frames that are done need not be looked at.
private struct DepthSession: MaskSession {
    let estimator: DepthEstimator
    let drawing: DepthDrawing

    func add(_ frame: VideoFrame, isDone: Bool) async throws -> [PendingMask] {
        if isDone { return [] }
        let depth = try await estimator.map(of: frame)
        return [PendingMask(frame: frame) { try drawing.draw(depth) }]
    }

    func finish() -> [PendingMask] { [] }
}

/// Frames with what is known of those before and of some behind: all are looked at, whether they
/// are done or not.
private struct SteadyDepthSession: MaskSession {
    let estimator: DepthEstimator
    let drawing: DepthDrawing
    private var steady: SteadyDepth
    private var waiting: [(index: Int, time: Double?, isDone: Bool)] = []

    init(estimator: DepthEstimator, drawing: DepthDrawing) {
        self.estimator = estimator
        self.drawing = drawing
        steady = SteadyDepth(threshold: drawing.parameters.threshold)
    }

    mutating func add(_ frame: VideoFrame, isDone: Bool) async throws -> [PendingMask] {
        let depth = try await estimator.map(of: frame)
        waiting.append((frame.index, frame.time, isDone))
        return pending(steady.add(depth))
    }

    mutating func finish() -> [PendingMask] { pending(steady.finish()) }

    /// Cuts come in the order of the frames, one for each.
    private mutating func pending(_ cuts: [SteadyCut]) -> [PendingMask] {
        let drawing = drawing
        let decided = zip(waiting.prefix(cuts.count), cuts)
        waiting.removeFirst(min(cuts.count, waiting.count))
        return decided.compactMap { frame, cut in
            frame.isDone
                ? nil
                : PendingMask(index: frame.index, time: frame.time) { try drawing.draw(cut) }
        }
    }
}

extension DepthEstimator {
    /// The depth of one frame, larger where it is nearer.
    fileprivate func map(of frame: VideoFrame) async throws -> DepthMap {
        let values = try await depth(of: frame)
        switch kind {
        case .relative: return DepthMap(width: width, height: height, values: values)
        case .metric: return DepthMap(width: width, height: height, metres: values)
        }
    }
}
