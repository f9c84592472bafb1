import DepthMasks
import Diagnostics
import Imaging
import MaskPipeline
import MaskStore
import Saliency

/// Draws masks and their depth maps at the size of the video.
struct DepthDrawing: Sendable {
    let upsampling: BicubicUpsampling
    let parameters: DepthSettings

    /// The mask of a frame by itself.
    ///
    /// - Parameters:
    ///   - depth: the frame's depth.
    ///   - map: where the object of the clip is, if only what moves is kept.
    /// - Returns: the mask, with its depth map if that is kept.
    /// - Throws: `EightCutError` when the depth is not made of numbers.
    func draw(_ depth: DepthMap, _ map: ObjectMap?) throws -> Mask {
        let full = depth.resized(by: upsampling)
        let mask = full.mask(parameters.threshold)
        try check(mask.limits)
        return Mask(
            image: Self.kept(of: mask.image, map),
            auxiliary: auxiliary(full, mask.limits),
            scores: scores(mask.limits, level: mask.level.map(Double.init))
        )
    }

    /// The mask of a frame that was decided with those around it.
    ///
    /// - Parameters:
    ///   - decision: the frame's depth and its threshold.
    ///   - map: where the object of the clip is, if only what moves is kept.
    /// - Returns: the mask, with its depth map if that is kept.
    /// - Throws: `EightCutError` when the depth is not made of numbers.
    func draw(_ decision: ThresholdedDepth, _ map: ObjectMap?) throws -> Mask {
        try check(decision.limits)
        let auxiliary =
            parameters.keepsDepth
            ? auxiliary(decision.depth.resized(by: upsampling), decision.limits) : [:]
        let level = Self.level(of: decision.level, within: decision.limits)
        return Mask(
            image: Self.kept(of: decision.mask(by: upsampling), map),
            auxiliary: auxiliary,
            scores: scores(decision.limits, level: level)
        )
    }

    private static func kept(of mask: GrayImage, _ map: ObjectMap?) -> GrayImage {
        map.map { MovingParts.keep(of: mask, where: $0) } ?? mask
    }

    private func check(_ limits: DepthLimits?) throws {
        guard limits == nil else { return }
        throw EightCutError(
            .inputUnusable,
            "cannot use the depth that the model gives",
            because: "there are values in it that are infinite or no numbers",
            remedy: "Try the precision fp32; if that does not help, check the checkpoint: "
                + "8cut models verify."
        )
    }

    /// A depth as a level: the limits count as 0 and 255.
    private static func level(of depth: Float?, within limits: DepthLimits?) -> Double? {
        guard let depth, depth.isFinite, let limits, !limits.isFlat else { return nil }
        let part = (depth - limits.farthest) / (limits.nearest - limits.farthest)
        return (Double(part) * 25_500).rounded() / 100
    }

    private func auxiliary(
        _ depth: DepthMap,
        _ limits: DepthLimits?
    ) -> [String: AuxiliaryImage] {
        guard parameters.keepsDepth else { return [:] }
        let flat = DepthLimits(farthest: 0, nearest: 0)
        return [DepthSettings.depthFolder: .depth(depth.fineLevels(within: limits ?? flat))]
    }

    /// The depths that are made 0 and 255, in the model's own unit, and the level of 0...255 that
    /// the object is above.
    private func scores(_ limits: DepthLimits?, level: Double?) -> [String: Double] {
        var scores: [String: Double] = [:]
        if let limits {
            // Converted through text, so that no digits appear which a Float does not have.
            scores["farthest"] = Double("\(limits.farthest)")
            scores["nearest"] = Double("\(limits.nearest)")
        }
        if let level { scores["threshold"] = level }
        return scores
    }
}
