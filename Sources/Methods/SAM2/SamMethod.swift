import Imaging
import MaskPipeline
import MaskStore
import Media
import SAM2
import Tracking

/// Masks of what the user points at, carried through the video by SAM 2.
package struct SamMethod: MaskMethod {
    private let parameters: SamSettings
    private let model: CheckpointModel
    private let loaded: Sam2Model?
    private let observe: Observer?

    /// Is told of every mask before it is drawn: the frame, the object, and the mask.
    package typealias Observer = @Sendable (Int, Int, TrackedMask) throws -> Void

    /// Changes whenever the same settings give other masks than before.
    private static let revision = 1.0

    /// A method with these parameters and this model.
    package init(_ parameters: SamSettings, model: CheckpointModel) {
        self.init(parameters, model: model, loaded: nil)
    }

    /// A method somebody looks at, or whose model is loaded already.
    ///
    /// - Parameters:
    ///   - parameters: what decides what the masks look like, besides the model.
    ///   - model: the model.
    ///   - loaded: what `load` has given for the same; nil to load it.
    ///   - observe: is told of every mask before it is drawn.
    package init(
        _ parameters: SamSettings,
        model: CheckpointModel,
        loaded: Sam2Model?,
        observe: Observer? = nil
    ) {
        self.parameters = parameters
        self.model = model
        self.loaded = loaded
        self.observe = observe
    }

    /// Loads a model for the frames of a video.
    ///
    /// - Parameters:
    ///   - model: the model.
    ///   - stream: the video.
    ///   - memory: what is attended to of what is remembered.
    /// - Returns: what runs it.
    /// - Throws: `EightCutError` when the checkpoint cannot be used; `CancellationError`.
    package static func load(
        _ model: CheckpointModel,
        for stream: VideoStream,
        memory: Sam2MemoryUse
    ) async throws -> Sam2Model {
        try await Sam2Model(
            checkpoint: model.folder,
            frame: (stream.width, stream.height),
            precision: model.precision,
            memory: memory,
            library: model.library,
            settings: model.session
        )
    }

    /// "sam".
    package let name = "sam"

    /// The parameters, the model by its weights, and the revision of the method.
    package var settings: [String: SettingValue] {
        parameters.described.merging(model.described) { own, _ in own }
            .merging(["revision": .number(Self.revision)]) { own, _ in own }
    }

    /// Those of the objects, where they are wanted.
    package var sideFolders: [String] { parameters.sideFolders }

    /// What the model is made for.
    package let pixelFormat = PixelFormat.rgb24

    /// Loads the model for one video.
    package func makeSession(for video: MaskVideo) async throws -> any MaskSession {
        let size = (video.stream.width, video.stream.height)
        let ready: Sam2Model
        if let loaded {
            ready = loaded
        } else {
            ready = try await Self.load(model, for: video.stream, memory: parameters.memory)
        }
        let objects = parameters.prompts.objects.map {
            SamObject($0, frame: size, imageSize: ready.traits.imageSize)
        }
        return try SamSession(
            video: video,
            objects: objects,
            model: ready,
            drawing: SamDrawing(size: size, maskSize: ready.traits.maskSize, parameters),
            observe: observe
        )
    }
}
