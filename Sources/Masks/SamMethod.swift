import Media
import Pixels
import SAM2
import Tracking

/// Masks of what the user points at, carried through the video by SAM 2.
public struct SamMethod: MaskMethod {
    private let parameters: SamSettings
    private let model: CheckpointModel
    private let observe: Observer?

    /// Is told of every mask before it is drawn: the frame, the object, and the mask.
    package typealias Observer = @Sendable (Int, Int, TrackedMask) throws -> Void

    /// Changes whenever the same settings give other masks than before.
    private static let revision = 1.0

    /// A method with these parameters and this model.
    public init(_ parameters: SamSettings, model: CheckpointModel) {
        self.init(parameters, model: model, observe: nil)
    }

    /// A method somebody looks at.
    package init(_ parameters: SamSettings, model: CheckpointModel, observe: Observer?) {
        self.parameters = parameters
        self.model = model
        self.observe = observe
    }

    /// "sam".
    public let name = "sam"

    /// The parameters, the model by its weights, and the revision of the method.
    public var settings: [String: SettingValue] {
        parameters.described.merging(model.described) { own, _ in own }
            .merging(["revision": .number(Self.revision)]) { own, _ in own }
    }

    /// Those of the objects, where they are wanted.
    public var sideFolders: [String] { parameters.sideFolders }

    /// What the model is made for.
    public let pixelFormat = PixelFormat.rgb24

    /// Loads the model for one video.
    public func makeSession(for video: MaskVideo) async throws -> any MaskSession {
        let size = (video.stream.width, video.stream.height)
        let loaded = try await Sam2Model(
            checkpoint: model.folder,
            frame: size,
            precision: model.precision,
            memory: parameters.memory,
            library: model.library,
            settings: model.session
        )
        let objects = parameters.prompts.objects.map {
            SamObject($0, frame: size, imageSize: loaded.traits.imageSize)
        }
        return try SamSession(
            video: video,
            objects: objects,
            model: loaded,
            drawing: SamDrawing(size: size, maskSize: loaded.traits.maskSize, parameters),
            observe: observe
        )
    }
}
