import Imaging
import Saliency

/// What a mask that was drawn from a map of the built-in method has by itself.
package enum DrawnMask {
    /// Judges a mask while its frame and the frame's motion are at hand.
    ///
    /// - Parameters:
    ///   - mask: 0 background, 255 object.
    ///   - frame: the frame, yuv420p.
    ///   - motion: how it moves.
    /// - Returns: `edge` and `motionEdge`, where they can be known; empty for an empty or full mask.
    package static func parts(
        of mask: GrayImage,
        over frame: VideoFrame,
        _ motion: FrameMotion
    ) -> [QualityPart: Double] {
        let size = motion.size
        let judged = JudgedMask(mask, size: size)
        guard judged.extent == .some else { return [:] }
        let profile = EdgeProfile(judged)
        let shrunk = ShrunkFrame(frame, size: size)
        let colours = JudgedColours(shrunk, size: size, at: profile.places)
        let fine = motion.residual.map { JudgedMotion(residual: $0, size: size) }
        return profile.parts(colours, fine?.lengths == nil ? nil : fine?.residual)
    }
}
