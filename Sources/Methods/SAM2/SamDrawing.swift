import Imaging
import MaskPipeline
import MaskStore
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

    /// The folder of the masks of one object.
    static func folder(of object: Int) -> String { "object_\(object)" }

    /// The masks of one frame.
    ///
    /// - Parameter objects: each object's number and what was found of it.
    /// - Returns: the mask of all, with what is wanted besides.
    func draw(_ objects: [(number: Int, mask: TrackedMask)]) -> Mask {
        let count = resize.width * resize.height
        var union = [UInt8](repeating: 0, count: count)
        var sides: [String: AuxiliaryImage] = [:]
        var scores: [String: Double] = [:]
        var highest = parameters.objects == .labels ? [Float](repeating: 0, count: count) : []
        var numbers = parameters.objects == .labels ? [UInt8](repeating: 0, count: count) : []
        for (number, mask) in objects {
            let name = Self.folder(of: number)
            scores[name + ".presence"] = Self.rounded(mask.presence)
            scores[name + ".iou"] = Self.rounded(mask.score)
            let logits = mended(mask.logits)
            switch parameters.objects {
            case .union: add(logits, to: &union)
            case .separate:
                var own = [UInt8](repeating: 0, count: count)
                add(logits, to: &own)
                for index in 0..<count { union[index] |= own[index] }
                sides[name] = .mask(
                    GrayImage(width: resize.width, height: resize.height, pixels: own)
                )
            case .labels:
                label(logits, UInt8(clamping: number), &highest, &numbers)
            }
        }
        if parameters.objects == .labels {
            for index in 0..<count { union[index] = numbers[index] > 0 ? 255 : 0 }
            sides[AuxiliaryImage.labelsFolder] = .numbers(
                IndexedImage(width: resize.width, height: resize.height, pixels: numbers)
            )
        }
        return Mask(
            image: GrayImage(width: resize.width, height: resize.height, pixels: union),
            sides: sides,
            scores: scores
        )
    }

    private func mended(_ logits: [Float]) -> [Float] {
        MaskComponents.mended(
            logits,
            width: maskSize,
            holes: parameters.fillHoles,
            specks: parameters.dropSpecks
        )
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

    /// Where objects lie on each other, the pixel is that one's which the model is surest of.
    private func label(
        _ logits: [Float],
        _ number: UInt8,
        _ highest: inout [Float],
        _ numbers: inout [UInt8]
    ) {
        let width = resize.width
        logits.withUnsafeBufferPointer { logits in
            resize.forEachRow(of: logits) { y, row in
                for x in 0..<width where row[x] > highest[y * width + x] {
                    highest[y * width + x] = row[x]
                    numbers[y * width + x] = number
                }
            }
        }
    }

    private static func rounded(_ score: Float) -> Double {
        (Double(score) * 10_000).rounded() / 10_000
    }
}
