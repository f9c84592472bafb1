import Imaging
import MaskPipeline
import MaskStore
import Prompts
import SAM2
import Tracking

/// Finds objects on the one frame that they are prompted on, without looking at another: the
/// masks that a run with the same prompts makes of that frame.
package struct SamFrame: Sendable {
    /// What was found of an object.
    package struct Found: Sendable {
        /// Its number.
        package let object: Int
        /// Above 0 where it is there, as in the manifest.
        package let presence: Double?
        /// How good the mask is, as the model predicts it, as in the manifest.
        package let iou: Double?
        /// Its own mask.
        package let image: GrayImage
    }

    private let parameters: SamSettings
    private let model: Sam2Model
    private let size: (width: Int, height: Int)

    /// Gets ready.
    ///
    /// - Parameters:
    ///   - parameters: how to draw, and the prompts: all on the frame that is meant.
    ///   - model: the model.
    ///   - size: columns and rows of the video.
    package init(_ parameters: SamSettings, model: Sam2Model, size: (width: Int, height: Int)) {
        self.parameters = parameters
        self.model = model
        self.size = size
    }

    /// Finds the objects.
    ///
    /// - Parameter features: what the model knows of the frame.
    /// - Returns: the mask of all objects, with the picture of their numbers beside it where that
    ///   is wanted, and each object.
    /// - Throws: `EightCutError` when the model cannot be run, or `CancellationError`.
    package func masks(on features: Sam2Model.Features) async throws -> (
        mask: Mask, objects: [Found]
    ) {
        let traits = model.traits
        var tracked: [(number: Int, mask: TrackedMask)] = []
        for object in parameters.prompts.objects {
            let tracker = SamObject(object, frame: size, imageSize: traits.imageSize)
                .tracker(.forward, traits)
            tracked.append((object.number, try await tracker.firstMask(features, with: model)))
        }
        let each = draw(tracked, as: .separate)
        let objects = tracked.map { number, _ in
            let name = SamDrawing.folder(of: number)
            guard case .mask(let image) = each.sides[name] else {
                preconditionFailure("an object that is not drawn")
            }
            return Found(
                object: number,
                presence: each.scores[name + ".presence"],
                iou: each.scores[name + ".iou"],
                image: image
            )
        }
        let mask = parameters.objects == .labels ? draw(tracked, as: .labels) : each
        return (mask, objects)
    }

    private func draw(
        _ tracked: [(number: Int, mask: TrackedMask)],
        as objects: SamSettings.Objects
    ) -> Mask {
        var parameters = parameters
        parameters.objects = objects
        return SamDrawing(size: size, maskSize: model.traits.maskSize, parameters).draw(tracked)
    }
}
