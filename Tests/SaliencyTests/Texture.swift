import TestSupport

/// A colour with a pattern of its own: smooth random noise that repeats after 64 cells.
struct Texture {
    /// Mean Y', Cb and Cr.
    let colour: (Float, Float, Float)
    /// How far luma departs from the mean.
    let contrast: Float
    /// Samples between two random values.
    let grain: Float
    private let noise: ValueNoise

    init(colour: (Float, Float, Float), contrast: Float, grain: Float = 5, seed: UInt64) {
        self.colour = colour
        self.contrast = contrast
        self.grain = grain
        noise = ValueNoise(seed: seed)
    }

    /// Luma at a place of the texture's own.
    func luma(_ x: Float, _ y: Float) -> Float {
        contrast > 0 ? colour.0 + contrast * noise.linear(x / grain, y / grain) : colour.0
    }
}
