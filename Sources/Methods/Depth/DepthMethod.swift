import DepthAnythingV2
import DepthMasks
import Imaging
import MaskPipeline
import MaskStore
import Media
import OnnxEngine
import Saliency

/// What of the foreground is the object.
package enum DepthObject: String, Sendable, CaseIterable {
    /// All that is near.
    case near
    /// The connected parts of it that the motion of the clip speaks for.
    case moving
}

/// What the user can set about masks of what is near.
package struct DepthSettings: Sendable {
    /// The folder beside the masks that the depth maps are kept in.
    package static let depthFolder = AuxiliaryFolder.depth.folder

    /// The threshold that depth is binarized at.
    package var threshold: DepthThreshold
    /// Whether limits and threshold are smoothed over time, so that masks do not flicker.
    package var isSteady: Bool
    /// The pixels that a frame's shorter side is scaled to for the model, about; nil for the
    /// checkpoint's own number.
    package var resolution: Int?
    /// Whether the depth maps are kept beside the masks.
    package var keepsDepth: Bool
    /// What of the foreground is the object.
    package var object: DepthObject

    /// By default the masks are those of the reference implementation.
    package init(
        threshold: DepthThreshold = .otsu,
        isSteady: Bool = false,
        resolution: Int? = nil,
        keepsDepth: Bool = false,
        object: DepthObject = .near
    ) {
        self.threshold = threshold
        self.isSteady = isSteady
        self.resolution = resolution
        self.keepsDepth = keepsDepth
        self.object = object
    }

    /// The settings as the manifest has them.
    fileprivate var described: [String: SettingValue] {
        let threshold: SettingValue =
            switch threshold {
            case .otsu: .text("otsu")
            case .fixed(let level): .number(Double(level))
            }
        var settings: [String: SettingValue] = [
            "threshold": threshold, "steady": .flag(isSteady),
            "resolution": resolution.map { .number(Double($0)) } ?? .text("checkpoint"),
            "keepsDepth": .flag(keepsDepth),
        ]
        if object == .moving {
            settings["object"] = .text(object.rawValue)
            settings["objectRevision"] = .number(SaliencyMethod.revision)
        }
        return settings
    }
}

/// Masks of what is near, by Depth Anything V2.
package struct DepthMethod: MaskMethod {
    private let parameters: DepthSettings
    private let model: CheckpointModel
    private let models: LoadedModels

    /// Changes whenever the same settings give other masks than before.
    static let revision = 1.0

    /// - Parameters:
    ///   - parameters: what the user has set.
    ///   - model: the checkpoint.
    ///   - models: keeps it loaded for other videos.
    package init(
        _ parameters: DepthSettings,
        model: CheckpointModel,
        models: LoadedModels = LoadedModels()
    ) {
        self.parameters = parameters
        self.model = model
        self.models = models
    }

    package let name = "depth"

    package var settings: [String: SettingValue] {
        var settings = parameters.described
        settings["revision"] = .number(Self.revision)
        return settings.merging(model.settings) { own, _ in own }
    }

    package var auxiliary: [AuxiliaryFolder] {
        parameters.keepsDepth ? [.depth] : []
    }

    package let pixelFormat = PixelFormat.rgb24

    /// Measured on two cores at 1280x720: 11 ms, beside 1.4 s with Small in fp32 and 1.0 s in int8.
    /// No GPU was there to measure: an estimate.
    package var analysisShare: Double {
        guard parameters.object == .moving else { return 0 }
        return model.session.device == .cpu ? 0.01 : 0.2
    }

    /// Loads the model for one video, unless it is loaded.
    package func makeSession(for video: MaskVideo) async throws -> any MaskSession {
        let estimator = try await models.depth(
            model,
            frame: (video.stream.width, video.stream.height),
            shorterSide: parameters.resolution
        )
        let upsampling = BicubicUpsampling(
            from: (estimator.width, estimator.height),
            to: (video.stream.width, video.stream.height)
        )
        let drawing = DepthDrawing(upsampling: upsampling, parameters: parameters)
        let motion = MotionEvidence(
            analysis: parameters.object == .moving ? video.startAnalysis() : nil,
            doneCount: video.doneCount
        )
        if parameters.isSteady {
            return StabilizedDepthSession(estimator: estimator, drawing: drawing, motion: motion)
        }
        return DepthSession(estimator: estimator, drawing: drawing, motion: motion)
    }
}

/// Says where the object of the clip is, if only what moves is kept.
private struct MotionEvidence: Sendable {
    let analysis: ClipAnalysis?
    /// Frames before this one have their masks, and no map.
    let doneCount: Int
    /// How many frames there have been.
    var count: Int

    init(analysis: ClipAnalysis?, doneCount: Int) {
        self.analysis = analysis
        self.doneCount = doneCount
        count = doneCount
    }

    /// The map of a frame; nil where all that is near is kept, or the mask is done.
    mutating func map(of frame: VideoFrame) async throws -> ObjectMap? {
        guard let analysis, frame.index >= doneCount else { return nil }
        let map = try await analysis.map(of: frame)
        count = frame.index + 1
        return map
    }

    func checkEnd() async throws { try await analysis?.checkEnd(after: count) }

    func end() async { await analysis?.end() }
}

/// Decides each frame by itself.
private struct DepthSession: MaskSession {
    let estimator: DepthEstimator
    let drawing: DepthDrawing
    var motion: MotionEvidence
    let skipsFinishedFrames = true

    mutating func add(_ frame: VideoFrame) async throws -> SessionStep {
        let depth = try await estimator.map(of: frame)
        let map = try await motion.map(of: frame)
        return SessionStep([
            PendingMask(frame: frame) { [drawing] in try drawing.draw(depth, map) }
        ])
    }

    func finish() async throws -> [PendingMask] {
        try await motion.checkEnd()
        return []
    }

    func end() async { await motion.end() }
}

/// Decides each frame with those before and some behind.
private struct StabilizedDepthSession: MaskSession {
    let estimator: DepthEstimator
    let drawing: DepthDrawing
    private var steady: StabilizedDepth
    private var motion: MotionEvidence
    private var undecided: [(index: Int, time: Double?, map: ObjectMap?)] = []

    init(estimator: DepthEstimator, drawing: DepthDrawing, motion: MotionEvidence) {
        self.estimator = estimator
        self.drawing = drawing
        self.motion = motion
        steady = StabilizedDepth(threshold: drawing.parameters.threshold)
    }

    mutating func add(_ frame: VideoFrame) async throws -> SessionStep {
        let depth = try await estimator.map(of: frame)
        undecided.append((frame.index, frame.time, try await motion.map(of: frame)))
        return SessionStep(pending(steady.add(depth)))
    }

    mutating func finish() async throws -> [PendingMask] {
        try await motion.checkEnd()
        return pending(steady.finish())
    }

    func end() async { await motion.end() }

    /// Decisions come in the order of the frames, one for each.
    private mutating func pending(_ decided: [ThresholdedDepth]) -> [PendingMask] {
        let frames = undecided.prefix(decided.count)
        undecided.removeFirst(frames.count)
        return zip(frames, decided).map { [drawing] frame, decision in
            PendingMask(index: frame.index, time: frame.time) {
                try drawing.draw(decision, frame.map)
            }
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
