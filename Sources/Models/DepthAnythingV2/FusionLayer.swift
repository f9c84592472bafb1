import NeuralGraph

/// Adds a finer picture to what was fused so far, and enlarges the sum.
struct FusionLayer {
    private let residualLayer1: ResidualLayer
    private let residualLayer2: ResidualLayer
    private let projection: Conv2d

    init(_ scope: Scope, _ channels: Int) {
        residualLayer1 = ResidualLayer(scope.residual_layer1, channels)
        residualLayer2 = ResidualLayer(scope.residual_layer2, channels)
        projection = Conv2d(scope.projection, channels, channels, kernel: 1)
    }

    /// [1, channels, rows, columns] → the same channels in another size.
    ///
    /// - Parameters:
    ///   - pictures: what was fused so far, and what is added to it, nil at the coarsest level.
    ///   - size: the shape of the next finer picture; nil to double rows and columns.
    /// - Returns: the fused picture.
    func callAsFunction(_ pictures: (Value, Value?), size: Shape?) -> Value {
        var h = pictures.0
        if let finer = pictures.1 { h = h + residualLayer1(finer) }
        h = residualLayer2(h)
        guard let own = h.shape.counts, own.count == 4 else { return h }
        let rows = size?[2].count ?? own[2] * 2
        let columns = size?[3].count ?? own[3] * 2
        // The reference enlarges first. Both are linear and the interpolation's weights sum to
        // one, so they commute, and the projection has a quarter of the pixels to do.
        return projection(h).resized(rows: rows, columns: columns, .bilinearAlignedCorners)
    }
}

/// Two convolutions that add to what they are given, with the activations before them.
private struct ResidualLayer {
    let convolution1: Conv2d
    let convolution2: Conv2d

    init(_ scope: Scope, _ channels: Int) {
        convolution1 = Conv2d(scope.convolution1, channels, channels, kernel: 3, padding: 1)
        convolution2 = Conv2d(scope.convolution2, channels, channels, kernel: 3, padding: 1)
    }

    /// [1, channels, rows, columns] → the same.
    func callAsFunction(_ x: Value) -> Value {
        x + convolution2(convolution1(x.relu()).relu())
    }
}
