/// How the values of one depth map become those of the next: `scale * value + shift`.
///
/// A relative model gives depth up to a factor and an offset, and chooses both anew in each frame.
struct AffineChange: Sendable, Equatable {
    var scale: Float = 1
    var shift: Float = 0

    func callAsFunction(_ value: Float) -> Float { scale * value + shift }

    func callAsFunction(_ limits: DepthLimits) -> DepthLimits {
        DepthLimits(farthest: self(limits.farthest), nearest: self(limits.nearest))
    }

    var inverse: AffineChange { AffineChange(scale: 1 / scale, shift: -shift / scale) }
}
