import Glibc
import Imaging
import MaskPipeline
import MaskStore
import Prompts
import SAM2
import Tracking

/// Draws the masks of all objects at the size of the video.
struct SamDrawing: Sendable {
    private let resize: BilinearResize
    private let maskSize: Int
    private let parameters: SamSettings

    init(size: (width: Int, height: Int), maskSize: Int, _ parameters: SamSettings) {
        resize = BilinearResize(from: (maskSize, maskSize), to: size)
        self.maskSize = maskSize
        self.parameters = parameters
    }

    /// The masks of one frame.
    ///
    /// - Parameters:
    ///   - objects: each object's number and mask.
    ///   - detections: boxes, by their corners, of what a detector has seen of objects on the frame.
    /// - Returns: the mask of all, with the auxiliary images that the settings ask for.
    func draw(
        _ objects: [(number: Int, mask: TrackedMask)],
        detections: [Int: [[Double]]] = [:]
    ) -> Mask {
        var union = emptyMask
        var scores = scores(objects)
        var auxiliary: [String: AuxiliaryImage] = [:]
        var highest = parameters.objects == .labels ? [Float](repeating: 0, count: union.count) : []
        var labels = parameters.objects == .labels ? emptyMask : []
        for (number, mask) in objects {
            let logits = cleaned(mask.logits)
            if let boxes = detections[number] {
                let (name, value) = agreement(of: number, logits, boxes)
                scores[name] = value
            }
            switch parameters.objects {
            case .union: add(logits, to: &union)
            case .separate:
                var own = emptyMask
                add(logits, to: &own)
                for index in own.indices { union[index] |= own[index] }
                auxiliary[SamSettings.folder(of: number)] = .mask(image(own))
            case .labels:
                label(logits, UInt8(clamping: number), &highest, &labels)
            }
        }
        if parameters.objects == .labels {
            for index in union.indices { union[index] = labels[index] > 0 ? 255 : 0 }
            auxiliary[SamSettings.labelsFolder] = .labels(
                IndexedImage(width: resize.width, height: resize.height, pixels: labels)
            )
        }
        return Mask(image: image(union), auxiliary: auxiliary, scores: scores)
    }

    /// Whether an object's mask is where a detector has seen the object.
    private func agreement(
        of number: Int,
        _ logits: [Float],
        _ boxes: [[Double]]
    ) -> (name: String, value: Double) {
        var own = emptyMask
        add(logits, to: &own)
        return DetectionAgreement.score(
            of: MaskExtent(of: image(own)).box,
            boxes,
            SamSettings.folder(of: number)
        )
    }

    /// Every object's scores, by its folder.
    private func scores(_ objects: [(number: Int, mask: TrackedMask)]) -> [String: Double] {
        var scores: [String: Double] = [:]
        for (number, mask) in objects {
            let name = SamSettings.folder(of: number)
            scores[name + ".objectScore"] = Self.rounded(mask.objectScore)
            scores[name + ".iou"] = Self.rounded(mask.iou)
            scores[name + ".clarity"] = Self.clarity(of: mask.logits).map(Self.rounded)
        }
        return scores
    }

    private var emptyMask: [UInt8] {
        [UInt8](repeating: 0, count: resize.width * resize.height)
    }

    private func image(_ pixels: [UInt8]) -> GrayImage {
        GrayImage(width: resize.width, height: resize.height, pixels: pixels)
    }

    private func cleaned(_ logits: [Float]) -> [Float] {
        var logits = logits
        MaskComponents.fillHoles(in: &logits, width: maskSize, maxArea: parameters.fillHoles)
        MaskComponents.removeSmallComponents(
            from: &logits,
            width: maskSize,
            maxArea: parameters.dropSpecks
        )
        return logits
    }

    private func add(_ logits: [Float], to mask: inout [UInt8]) {
        let width = resize.width
        logits.withUnsafeBufferPointer { logits in
            mask.withUnsafeMutableBufferPointer { mask in
                resize.forEachRow(of: logits) { y, row in
                    for x in 0..<width where row[x] > 0 { mask[y * width + x] = 255 }
                }
            }
        }
    }

    /// Where objects overlap, the pixel is that of the highest logit.
    private func label(
        _ logits: [Float],
        _ number: UInt8,
        _ highest: inout [Float],
        _ labels: inout [UInt8]
    ) {
        let width = resize.width
        logits.withUnsafeBufferPointer { logits in
            resize.forEachRow(of: logits) { y, row in
                for x in 0..<width where row[x] > highest[y * width + x] {
                    highest[y * width + x] = row[x]
                    labels[y * width + x] = number
                }
            }
        }
    }

    /// How few places the model was undecided about: 1 less the entropy of the mask, in bits, for each
    /// place of the object, 0…1; nil without an object. A long or wide uncertain boundary costs.
    private static func clarity(of logits: [Float]) -> Float? {
        var (entropy, count) = (Float(0), 0)
        for logit in logits {
            if logit > 0 { count += 1 }
            // Beyond this it is less than 0.03 bits.
            guard abs(logit) < 6 else { continue }
            let object = 1 / (1 + exp(-logit))
            entropy -= object * log2(object) + (1 - object) * log2(1 - object)
        }
        return count > 0 ? max(0, 1 - entropy / Float(count)) : nil
    }

    /// A score as the manifest has it.
    static func rounded(_ score: Float) -> Double {
        (Double(score) * 10_000).rounded() / 10_000
    }
}
/// Finds objects on the one frame that they are prompted on, without another frame: the masks that
/// a run with the same prompts makes of that frame.
package struct SamFrame: Sendable {
    /// An object that was found.
    package struct Found: Sendable {
        /// Its number.
        package let object: Int
        /// Above 0 where the object is visible, as in the manifest.
        package let objectScore: Double
        /// The IoU that the model predicts for the mask, as in the manifest.
        package let iou: Double
        /// Its own mask.
        package let image: GrayImage
    }

    private let parameters: SamSettings
    private let model: Sam2Model
    private let size: (width: Int, height: Int)

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
    /// - Parameter features: the encoded frame.
    /// - Returns: the mask of all objects, with the image of their numbers beside it where that
    ///   is wanted, and each object.
    /// - Throws: `EightCutError` when the model cannot be run, or `CancellationError`.
    package func masks(on features: Sam2Model.Features) async throws -> (
        mask: Mask, objects: [Found]
    ) {
        let traits = model.traits
        var tracked: [(number: Int, mask: TrackedMask)] = []
        for object in parameters.prompts?.objects ?? [] {
            let tracker = SamObject(object, frame: size, imageSize: traits.imageSize)
                .tracker(.forward, traits)
            tracked.append((object.number, try await tracker.firstMask(features, with: model)))
        }
        let each = draw(tracked, as: .separate)
        let objects = tracked.map { number, mask in
            guard case .mask(let image) = each.auxiliary[SamSettings.folder(of: number)] else {
                preconditionFailure("an object that is not drawn")
            }
            return Found(
                object: number,
                objectScore: SamDrawing.rounded(mask.objectScore),
                iou: SamDrawing.rounded(mask.iou),
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
