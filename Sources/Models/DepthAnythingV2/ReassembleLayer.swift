import NeuralGraph

/// Lays tokens out as a picture, and makes it larger or smaller.
struct ReassembleLayer {
    private enum Resize {
        case larger(ConvTranspose2d)
        case smaller(Conv2d)
        case same
    }

    private let projection: PointwiseConv2d
    private let resize: Resize
    private let channels: Int

    init(_ scope: Scope, _ inputs: Int, _ channels: Int, factor: Double) {
        self.channels = channels
        projection = PointwiseConv2d(scope.projection, inputs, channels)
        if factor > 1 {
            resize = .larger(ConvTranspose2d(scope.resize, channels, factor: Int(factor)))
        } else if factor < 1 {
            let conv = Conv2d(
                scope.resize,
                channels,
                channels,
                kernel: 3,
                stride: Int(1 / factor),
                padding: 1
            )
            resize = .smaller(conv)
        } else {
            resize = .same
        }
    }

    /// [1 + patches, inputs] → [1, channels, factor · rows, factor · columns].
    func callAsFunction(_ tokens: Value, _ grid: PatchGrid) -> Value {
        // Projected as rows of tokens, so that only the narrower map is transposed; the class
        // token, the first row, is dropped.
        let picture = projection(tokens)
            .sliced(axis: 0, 1..<1 + grid.count)
            .transposed([1, 0])
            .reshaped([1, .fixed(channels), .fixed(grid.rows), .fixed(grid.columns)])
        switch resize {
        case .larger(let layer): return layer(picture)
        case .smaller(let layer): return layer(picture)
        case .same: return picture
        }
    }
}
