import NeuralGraph

/// Patches, a class token before them, and where they are.
struct Dinov2Embeddings {
    private let patchEmbeddings: Conv2d
    private let configuration: Dinov2Configuration
    private let scope: Scope

    init(_ scope: Scope, _ configuration: Dinov2Configuration) {
        self.scope = scope
        self.configuration = configuration
        patchEmbeddings = Conv2d(
            scope.patch_embeddings.projection,
            3,
            configuration.hiddenSize,
            kernel: configuration.patchSize,
            stride: configuration.patchSize
        )
    }

    /// [1, 3, rows, columns] → [1 + patches, channels].
    func callAsFunction(_ pixels: Value, _ grid: PatchGrid) -> Value {
        let width = configuration.hiddenSize
        // [1, C, rows, columns] → [patches, C]
        let patches = patchEmbeddings(pixels)
            .reshaped([.fixed(width), .fixed(grid.count)])
            .transposed([1, 0])
        let side = configuration.gridSize
        let positions = scope.weight("position_embeddings", [1, 1 + side * side, width])
        let classToken =
            scope.weight("cls_token", [1, 1, width]) + positions.sliced(axis: 1, 0..<1)
        return .concatenated(
            [
                classToken.reshaped([1, .fixed(width)]),
                patches + interpolated(positions, to: grid),
            ],
            axis: 0
        )
    }

    /// The embeddings of a square grid, [1, 1 + side², C], for the grid at hand: [patches, C].
    /// They depend on weights only, so they are computed when the model is loaded.
    private func interpolated(_ positions: Value, to grid: PatchGrid) -> Value {
        let width = Dimension.fixed(configuration.hiddenSize)
        let side = configuration.gridSize
        return positions.sliced(axis: 1, 1..<1 + side * side)
            .reshaped([1, .fixed(side), .fixed(side), width])
            .transposed([0, 3, 1, 2])
            .resized(rows: grid.rows, columns: grid.columns, .bicubic)
            .reshaped([width, .fixed(grid.count)])
            .transposed([1, 0])
    }
}
