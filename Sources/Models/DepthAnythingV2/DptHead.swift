import NeuralGraph

/// Turns the tapped maps into feature maps of several sizes and fuses them from coarse to fine.
/// (Ranftl, Bochkovskiy, Koltun, "Vision Transformers for Dense Prediction", 2021.)
struct DepthNeck {
    private let reassembleStage: [ReassembleLayer]
    private let convs: [Conv2d]
    private let fusionStage: [FusionLayer]
    private let scope: Scope

    init(_ scope: Scope, _ configuration: DepthAnythingConfiguration) {
        self.scope = scope
        let count = configuration.neckHiddenSizes.count
        reassembleStage = (0..<count).map { index in
            ReassembleLayer(
                scope.reassemble_stage.layers[index],
                configuration.backbone.hiddenSize,
                configuration.neckHiddenSizes[index],
                factor: configuration.reassembleFactors[index]
            )
        }
        convs = (0..<count).map { index in
            Conv2d(
                scope.convs[index],
                configuration.neckHiddenSizes[index],
                configuration.fusionHiddenSize,
                kernel: 3,
                padding: 1,
                hasBias: false
            )
        }
        fusionStage = (0..<count).map {
            FusionLayer(scope.fusion_stage.layers[$0], configuration.fusionHiddenSize)
        }
    }

    /// Maps of [1 + patches, channels] → feature maps [1, fusion, rows, columns], coarse to fine.
    func callAsFunction(_ maps: [Value], _ grid: PatchGrid) -> [Value] {
        let builder = scope.builder
        var features: [Value] = []
        for (index, map) in maps.enumerated() {
            let resized = reassembleStage[index](map, grid)
            builder.probe("neck.reassemble_stage.layers.\(index)", resized)
            features.append(convs[index](resized))
            builder.probe("neck.convs.\(index)", features[index])
        }
        features.reverse()
        var fused: [Value] = []
        for (index, feature) in features.enumerated() {
            let finer = index + 1 < features.count ? features[index + 1].shape : nil
            fused.append(
                fusionStage[index](fused.last.map { ($0, feature) } ?? (feature, nil), size: finer)
            )
            builder.probe("neck.fusion_stage.layers.\(index)", fused[index])
        }
        return fused
    }
}

/// Lays tokens out as a feature map, and makes it larger or smaller.
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
        let map = projection(tokens)
            .sliced(axis: 0, 1..<1 + grid.count)
            .transposed([1, 0])
            .reshaped([1, .fixed(channels), .fixed(grid.rows), .fixed(grid.columns)])
        switch resize {
        case .larger(let layer): return layer(map)
        case .smaller(let layer): return layer(map)
        case .same: return map
        }
    }
}

/// Adds a finer feature map to the fused ones, and enlarges the sum.
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
    ///   - maps: the fused one, and the one added to it, nil at the coarsest level.
    ///   - size: the shape of the next finer map; nil to double rows and columns.
    /// - Returns: the fused map.
    func callAsFunction(_ maps: (Value, Value?), size: Shape?) -> Value {
        var h = maps.0
        if let finer = maps.1 { h = h + residualLayer1(finer) }
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

/// Turns the finest fused map into depth.
struct DepthHead {
    private let conv1: Conv2d
    private let conv2: Conv2d
    private let conv3: Conv2d
    private let configuration: DepthAnythingConfiguration
    private let builder: GraphBuilder

    init(_ scope: Scope, _ configuration: DepthAnythingConfiguration) {
        self.configuration = configuration
        builder = scope.builder
        let channels = configuration.fusionHiddenSize
        conv1 = Conv2d(scope.conv1, channels, channels / 2, kernel: 3, padding: 1)
        conv2 = Conv2d(
            scope.conv2,
            channels / 2,
            configuration.headHiddenSize,
            kernel: 3,
            padding: 1
        )
        conv3 = Conv2d(scope.conv3, configuration.headHiddenSize, 1, kernel: 1)
    }

    /// [1, channels, rows, columns] → [1, 1, rows, columns of the frame].
    ///
    /// - Parameters:
    ///   - x: the map.
    ///   - grid: the frame's patches.
    ///   - stripRows: how many rows of the frame are worked on at a time, to hold less at full size;
    ///     nil for all of them.
    /// - Returns: depth, inverse or in metres.
    func callAsFunction(_ x: Value, _ grid: PatchGrid, stripRows: Int? = nil) -> Value {
        guard let stripRows, stripRows < grid.height, let rows = x.shape[2].count else {
            let h = conv1(x).resized(
                rows: grid.height,
                columns: grid.width,
                .bilinearAlignedCorners
            )
            return activated(conv3(conv2(h).relu()))
        }
        let strips = HeadStrip.all(of: grid.height, from: rows, count: stripRows)
        return Value.concatenated(strips.map { depth(of: $0, x, columns: grid.width) }, axis: 2)
    }

    /// The rows of a strip.
    private func depth(of strip: HeadStrip, _ x: Value, columns: Int) -> Value {
        let weights = builder.constant(
            strip.weights,
            shape: [strip.enlarged.count, strip.mixed.count]
        )
        let h = conv1(x.sliced(axis: 2, strip.read), rowPadding: strip.mixedPadding)
            .resized(rows: strip.mixed.count, columns: columns, .bilinearAlignedCorners)
            .rowsMixed(by: weights)
        return activated(conv3(conv2(h, rowPadding: strip.enlargedPadding).relu()))
    }

    private func activated(_ depth: Value) -> Value {
        let bounded =
            switch configuration.depthKind {
            case .relative: depth.relu()
            case .metric: depth.sigmoid()
            }
        let scale = Float(configuration.maxDepth)
        return scale == 1 ? bounded : bounded * scale
    }
}
