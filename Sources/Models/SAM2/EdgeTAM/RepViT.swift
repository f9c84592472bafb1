import NeuralGraph

/// EdgeTAM's backbone: convolutions arranged as a vision transformer. (Wang et al., "RepViT:
/// Revisiting Mobile CNN From ViT Perspective", 2024; timm's models/repvit.py, which names the
/// modules.)
///
/// Pixels stay in the order of convolutions, which ONNX Runtime lays into blocks of channels by
/// itself; as rows for matrix products the same network takes 1.2 times as long on a CPU.
struct RepViT {
    private let scope: Scope
    private let stages: [RepViTConfiguration.Stage]

    /// - Parameters:
    ///   - scope: where its tensors are.
    ///   - configuration: what it looks like.
    init(_ scope: Scope, _ configuration: RepViTConfiguration) {
        self.scope = scope
        stages = configuration.stages
    }

    /// [1, 3, rows, columns] → the pixels at the end of each stage, from fine to coarse.
    func callAsFunction(_ pixels: Value) -> [TokenGrid] {
        let width = stages[0].width
        let stem = scope.stem
        let halved = FusedConv2d(stem.conv1, 3, width / 2, kernel: 3, stride: 2)(pixels).gelu()
        var h = FusedConv2d(stem.conv2, width / 2, width, kernel: 3, stride: 2)(halved)
        return stages.indices.map { index in
            let (place, stage) = (scope["stages_\(index)"], stages[index])
            if index > 0 {
                h = downsample(h, place.downsample, stages[index - 1].width, stage.width)
            }
            for block in 0..<stage.blocks {
                // Every other block weighs its channels.
                let isExcited = block.isMultiple(of: 2)
                h = RepViTBlock(place.blocks[block], stage.width, isExcited: isExcited)(h)
            }
            let tokens = Self.tokens(of: h, stage.width)
            scope.builder.probe("stage.\(index)", tokens.value)
            return tokens
        }
    }

    /// Half as many rows and columns, and another number of channels. (timm's `RepVitDownsample`.)
    private func downsample(_ x: Value, _ scope: Scope, _ inputs: Int, _ outputs: Int) -> Value {
        let h1 = RepViTBlock(scope.pre_block, inputs, isExcited: false)(x)
        let h2 = FusedConv2d(
            scope.spatial_downsample,
            inputs,
            inputs,
            kernel: 3,
            stride: 2,
            groups: inputs
        )(h1)
        let h3 = FusedConv2d(scope.channel_downsample, inputs, outputs, kernel: 1)(h2)
        return h3 + RepViTBlock.mixed(h3, scope.ffn, outputs)
    }

    /// [1, channels, rows, columns] → tokens, row by row.
    private static func tokens(of grid: Value, _ width: Int) -> TokenGrid {
        let (rows, columns) = (grid.shape[2].count ?? 0, grid.shape[3].count ?? 0)
        return TokenGrid(
            value: grid.reshaped(Shape([width, rows * columns])).transposed([1, 0]),
            rows: rows,
            columns: columns,
            order: .raster
        )
    }
}

/// Convolutions over neighbours, one channel at a time, and a perceptron over the channels. (timm's
/// `RepViTBlock`.)
private struct RepViTBlock {
    let scope: Scope
    let width: Int
    /// Whether channels are weighted by what is in the whole frame.
    let isExcited: Bool

    init(_ scope: Scope, _ width: Int, isExcited: Bool) {
        self.scope = scope
        self.width = width
        self.isExcited = isExcited
    }

    /// [1, width, rows, columns] → the same.
    func callAsFunction(_ x: Value) -> Value {
        var h = FusedConv2d(
            scope.token_mixer,
            branches: [.init("conv", kernel: 3), .init("conv1", kernel: 1)],
            addsInput: true,
            width,
            width,
            groups: width
        )(x)
        if isExcited { h = h * weights(h) }
        return h + Self.mixed(h, scope.channel_mixer, width)
    }

    /// A weight for each channel. (Hu et al., "Squeeze-and-Excitation Networks", 2018; timm's
    /// `SEModule` with a ratio of a quarter.)
    private func weights(_ x: Value) -> Value {
        // timm's `make_divisible`: to the nearest multiple of 8.
        let narrow = max(8, (width / 4 + 4) / 8 * 8)
        let squeezed = Conv2d(scope.se.fc1, width, narrow, kernel: 1)(x.averaged()).relu()
        return Conv2d(scope.se.fc2, narrow, width, kernel: 1)(squeezed).sigmoid()
    }

    /// What the channels of each pixel give. (timm's `RepVitMlp`.)
    static func mixed(_ x: Value, _ scope: Scope, _ width: Int) -> Value {
        let inner = FusedConv2d(scope.conv1, width, 2 * width, kernel: 1)(x).gelu()
        return FusedConv2d(scope.conv2, 2 * width, width, kernel: 1)(inner)
    }
}
