/// A colour with a pattern of its own: smooth random noise that repeats after 64 cells.
struct Texture {
    private static let cells = 64

    /// Mean Y', Cb and Cr.
    let colour: (Float, Float, Float)
    /// How far luma departs from the mean.
    let contrast: Float
    /// Samples between two random values.
    let grain: Float
    private let lattice: [Float]

    init(colour: (Float, Float, Float), contrast: Float, grain: Float = 5, seed: UInt64) {
        self.colour = colour
        self.contrast = contrast
        self.grain = grain
        var random = RandomSource(seed: seed)
        lattice = (0..<Self.cells * Self.cells).map { _ in random.signed() }
    }

    /// Luma at a place of the texture's own.
    func luma(_ x: Float, _ y: Float) -> Float {
        guard contrast > 0 else { return colour.0 }
        let placeX = x / grain + 1024
        let placeY = y / grain + 1024
        let left = Int(placeX)
        let top = Int(placeY)
        let partX = placeX - Float(left)
        let partY = placeY - Float(top)
        let upper = value(left, top) * (1 - partX) + value(left + 1, top) * partX
        let lower = value(left, top + 1) * (1 - partX) + value(left + 1, top + 1) * partX
        return colour.0 + contrast * (upper * (1 - partY) + lower * partY)
    }

    private func value(_ x: Int, _ y: Int) -> Float {
        lattice[(y & (Self.cells - 1)) * Self.cells + (x & (Self.cells - 1))]
    }
}
