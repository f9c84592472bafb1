import Tracking

/// Where tokens are: those of a square grid, and before them some without a place.
struct TokenPlaces {
    /// Tokens without a place.
    private let unplaced: Int
    /// Rows and columns of the grid.
    private let size: Int
    /// Tokens stand for squares of so many rows and columns of the grid.
    private let factor: Int
    /// Channels of the features.
    let width: Int
    private let theta: Double

    /// The tokens of a frame, or of a memory that has one for squares of so many rows and columns.
    init(_ configuration: Sam2Configuration, pooledBy factor: Int) {
        unplaced = 0
        size = configuration.featureSize
        self.factor = factor
        width = configuration.width
        theta = configuration.memory.ropeTheta
    }

    /// The tokens of a memory: those of the frame, or the latents of the spatial perceiver, of which
    /// the first have seen all of the frame, and the others a window each.
    init(ofMemories configuration: Sam2Configuration) {
        let perceiver = configuration.memory.perceiver
        unplaced = perceiver?.latents ?? 0
        size = perceiver?.windows ?? configuration.featureSize
        factor = 1
        width = configuration.width
        theta = configuration.memory.ropeTheta
    }

    /// How many tokens there are.
    var count: Int { unplaced + size * size / (factor * factor) }

    /// For how many tokens of the grid each one stands.
    var weight: Int { factor * factor }

    /// Sine positions, [count, channels]: zeros for tokens without a place.
    func sines(channels: Int) -> [Float] {
        Array(repeating: 0, count: unplaced * channels)
            + SquareMeans.of(
                SinePositions.square(size, channels: channels),
                size: size,
                by: factor
            )
    }

    /// The cosines and sines of rotary positions, [count, width / 2] each: tokens without a place are
    /// rotated by nothing.
    var rotary: (cosines: [Float], sines: [Float]) {
        let placed = SinePositions.rotary(size, channels: width, theta: theta, pooledBy: factor)
        let still = unplaced * width / 2
        return (
            Array(repeating: 1, count: still) + placed.cosines,
            Array(repeating: 0, count: still) + placed.sines
        )
    }
}
