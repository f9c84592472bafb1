import Imaging
import MaskPipeline
import MaskStore
import Media
import Prompts
import SAM2
import Tracking

/// What decides what SAM 2's masks look like, besides the model.
package struct SamSettings: Sendable, Equatable {
    /// What is written for each frame besides the mask of all objects.
    package enum Objects: String, Sendable, Codable, CaseIterable {
        /// Nothing.
        case union
        /// A mask for each object, in folders `object_1`, `object_2`, …
        case separate
        /// An image of the objects' numbers, in the folder `labels`.
        case labels
    }

    /// Which objects are meant; nil for the one that is found by itself.
    package var prompts: ResolvedPrompts?
    package var objects: Objects
    /// Holes of at most so many pixels of the model's masks are filled.
    package var fillHoles: Int
    /// Components of at most so many pixels of the model's masks are removed.
    package var dropSpecks: Int
    /// The resolution, and which memories there are and are attended to.
    package var options: Sam2Options

    /// The official predictor's.
    package static let defaultFillHoles = 8
    /// What `fillHoles` and `dropSpecks` can be.
    package static let pixelCounts = 0...1_000_000

    package init(
        prompts: ResolvedPrompts?,
        objects: Objects = .union,
        fillHoles: Int = defaultFillHoles,
        dropSpecks: Int = 0,
        options: Sam2Options = Sam2Options()
    ) {
        self.prompts = prompts
        self.objects = objects
        self.fillHoles = fillHoles
        self.dropSpecks = dropSpecks
        self.options = options
    }

    /// The folder of the objects' numbers.
    package static let labelsFolder = AuxiliaryFolder.labels.folder

    /// The folder of the masks of one object.
    package static func folder(of object: Int) -> String {
        AuxiliaryFolder.ofObject(object).folder
    }

    /// The settings as the manifest has them.
    fileprivate var described: [String: SettingValue] {
        let memory = options.memory
        var settings: [String: SettingValue] = [
            "memories": memory.count.map { .number(Double($0)) } ?? .text("checkpoint"),
            "poolMemories": .number(Double(memory.pooling)),
            "objects": .text(objects.rawValue), "fillHoles": .number(Double(fillHoles)),
            "dropSpecks": .number(Double(dropSpecks)),
        ]
        if let resolution = options.resolution {
            settings["resolution"] = .number(Double(resolution))
        }
        if options.rules != .standard { settings["memoryRules"] = .text(options.rules.rawValue) }
        return settings.merging(describedPrompts) { own, _ in own }
    }

    /// What is found by itself is no setting: the same video and revision give the same.
    private var describedPrompts: [String: SettingValue] {
        if let prompts { return ["prompts": .text(prompts.fingerprint)] }
        return [
            "prompts": .text("automatic"), "promptsRevision": .number(ObjectSearch.revision),
        ]
    }

    fileprivate var auxiliary: [AuxiliaryFolder] {
        switch objects {
        case .union: []
        case .separate:
            prompts?.objects.map { .ofObject($0.number) } ?? [.ofObject(1)]
        case .labels: [.labels]
        }
    }
}

/// Masks of what the user points at, tracked through the video by SAM 2.
package struct SamMethod: MaskMethod {
    private let parameters: SamSettings
    private let model: CheckpointModel
    private let loaded: Sam2Model?
    private let models: LoadedModels
    private let observe: Observer?
    private let onFound: FindObserver
    private let texts: TextObjects?

    /// Receives every mask before it is drawn: the frame, the object, and the mask.
    package typealias Observer = @Sendable (Int, Int, TrackedMask) throws -> Void
    /// Receives what was found by itself, where that is what is meant.
    package typealias FindObserver = @Sendable (AutomaticPrompts) throws -> Void

    /// Changes whenever the same settings give other masks than before.
    static let revision = 1.0

    /// - Parameters:
    ///   - parameters: what decides what the masks look like, besides the model.
    ///   - model: the checkpoint.
    ///   - loaded: what `load` has returned for it; nil to load it.
    ///   - models: keeps what it has to load, for other videos.
    ///   - observe: receives every mask before it is drawn.
    ///   - onFound: receives what was found by itself, where the settings have no prompts.
    package init(
        _ parameters: SamSettings,
        model: CheckpointModel,
        loaded: Sam2Model? = nil,
        models: LoadedModels = LoadedModels(),
        observe: Observer? = nil,
        onFound: @escaping FindObserver = { _ in }
    ) {
        self.parameters = parameters
        self.model = model
        self.loaded = loaded
        self.models = models
        self.observe = observe
        self.onFound = onFound
        texts = nil
    }

    /// Masks of objects of which some were found by texts.
    init(
        _ parameters: SamSettings,
        model: CheckpointModel,
        models: LoadedModels,
        texts: TextObjects?
    ) {
        self.parameters = parameters
        self.model = model
        self.models = models
        self.texts = texts
        (loaded, observe, onFound) = (nil, nil, { _ in })
    }

    /// Loads a model for the frames of a video.
    ///
    /// - Parameters:
    ///   - model: the checkpoint.
    ///   - stream: the video.
    ///   - options: the resolution, and which memories are attended to.
    /// - Returns: the model, for frames of this size.
    /// - Throws: `EightCutError` when the checkpoint cannot be used; `CancellationError`.
    package static func load(
        _ model: CheckpointModel,
        for stream: VideoStream,
        options: Sam2Options
    ) async throws -> Sam2Model {
        try await Sam2Model(
            checkpoint: model.folder,
            frame: (stream.width, stream.height),
            precision: model.precision,
            options: options,
            library: model.library,
            settings: model.session
        )
    }

    package let name = "sam"

    package var settings: [String: SettingValue] {
        parameters.described.merging(model.settings) { own, _ in own }
            .merging(["revision": .number(Self.revision)]) { own, _ in own }
    }

    package var auxiliary: [AuxiliaryFolder] { parameters.auxiliary }

    package let pixelFormat = PixelFormat.rgb24

    /// Loads the model for one video, unless it is loaded.
    package func makeSession(for video: MaskVideo) async throws -> any MaskSession {
        let size = (video.stream.width, video.stream.height)
        let ready: Sam2Model
        if let loaded {
            ready = loaded
        } else {
            ready = try await models.sam(model, for: video.stream, options: parameters.options)
        }
        let session = { [parameters, observe, texts] (prompts: ResolvedPrompts, search: Double) in
            try SamSession(
                video: video,
                objects: prompts.objects.map {
                    SamObject($0, frame: size, imageSize: ready.traits.imageSize)
                },
                model: ready,
                drawing: SamDrawing(size: size, maskSize: ready.traits.maskSize, parameters),
                search: search,
                texts: texts,
                observe: observe
            )
        }
        if let prompts = parameters.prompts { return try session(prompts, 0) }
        return SearchingSamSession(
            video: video,
            share: searchShare(ready),
            onFound: onFound,
            track: session
        )
    }

    /// What looking at a frame takes when the object is searched for, as a part of what tracking it
    /// takes. Measured on two cores at 1280x720: 11 ms, beside 4.7 s with Tiny in fp32, 2.0 s with
    /// int8 and pooled memories, and about a fifth of that with EdgeTAM. No GPU was there to measure:
    /// an estimate.
    private func searchShare(_ model: Sam2Model) -> Double {
        guard self.model.session.device == .cpu else { return 0.2 }
        let scale = 1024 / Double(model.traits.imageSize)
        return min(0.2, (model.isEdgeTAM ? 0.01 : 0.003) * scale * scale)
    }
}
