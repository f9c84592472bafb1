import NeuralGraph

/// The backbone: a transformer whose tokens become fewer and wider from stage to stage.
/// (Ryali et al., "Hiera", 2023; transformers' `Sam2HieraDetModel`, which names the modules.)
struct Hiera {
    private let scope: Scope
    private let configuration: HieraConfiguration
    /// Rows and columns of the finest tokens.
    private let side: Int
    private let patchEmbeddings: Conv2d
    private let stages: [[HieraBlock]]

    /// - Parameters:
    ///   - scope: where its tensors are.
    ///   - configuration: what it looks like.
    ///   - imageSize: rows and columns of the frame.
    init(_ scope: Scope, _ configuration: HieraConfiguration, imageSize: Int) {
        self.scope = scope
        side = imageSize / configuration.patchStride
        self.configuration = configuration
        patchEmbeddings = Conv2d(
            scope.patch_embed.projection,
            3,
            configuration.stages[0].width,
            kernel: configuration.patchKernel,
            stride: configuration.patchStride,
            padding: configuration.patchPadding
        )
        stages = Self.blocks(scope.blocks, configuration)
    }

    private static func blocks(
        _ scope: Scope,
        _ configuration: HieraConfiguration
    ) -> [[HieraBlock]] {
        var number = 0
        return configuration.stages.enumerated().map { index, stage in
            (0..<stage.blocks).map { block in
                // The first block of a stage still works on the tokens of the one before.
                let isFirst = block == 0 && index > 0
                let source = isFirst ? configuration.stages[index - 1] : stage
                defer { number += 1 }
                return HieraBlock(
                    scope[number],
                    source.width,
                    stage: stage,
                    window: configuration.globalBlocks.contains(number) ? nil : source.window,
                    isPooled: isFirst,
                    configuration
                )
            }
        }
    }

    /// [1, 3, rows, columns] → the tokens at the end of each stage, from fine to coarse.
    func callAsFunction(_ pixels: Value) -> [TokenGrid] {
        var tokens = embeddings(pixels)
        var ends: [TokenGrid] = []
        for (index, stage) in stages.enumerated() {
            for block in stage { tokens = block(tokens) }
            ends.append(tokens)
            scope.builder.probe("stage.\(index)", tokens.arranged(.raster).value)
        }
        return ends
    }

    /// Patches with their positions, at once in the order of the first stage's windows.
    private func embeddings(_ pixels: Value) -> TokenGrid {
        // Sizes are those of the configuration, which are known after an error as well.
        let tokens = tokens(of: patchEmbeddings(pixels), side, side)
        let places = self.tokens(of: positions(side, side), side, side)
        return tokens.with(tokens.value + places.value)
    }

    /// First row by row, which is quick, and then whole tokens are moved: much quicker than both in
    /// one.
    private func tokens(of grid: Value, _ rows: Int, _ columns: Int) -> TokenGrid {
        let width = configuration.stages[0].width
        let window = configuration.stages[0].window
        let raster = TokenGrid(
            value: grid.reshaped(Shape([width, rows * columns])).transposed([1, 0]),
            rows: rows,
            columns: columns,
            order: .raster
        )
        return raster.fits(window) ? raster.arranged(.windows(window)) : raster
    }

    /// A coarse embedding for the whole frame and one that repeats in every window,
    /// [1, channels, rows, columns]. They depend on weights only, so they are computed when the
    /// model is loaded. (Bolya et al., "Window Attention is Bugged", 2023.)
    private func positions(_ rows: Int, _ columns: Int) -> Value {
        let width = configuration.stages[0].width
        let window = configuration.stages[0].window
        let size = configuration.backgroundSize
        let background = scope.weight("pos_embed", [1, width, size.rows, size.columns])
            .resized(rows: rows, columns: columns, .bicubic)
        let local = scope.weight("pos_embed_window", [1, width, window, window])
            .tiled([1, 1, rows / window, columns / window])
        return background + local
    }
}

/// One block of the backbone: attention in windows or to the whole frame, and a perceptron.
/// (transformers' `Sam2MultiScaleBlock`.)
struct HieraBlock {
    private let layerNorm1: LayerNorm
    private let attention: HieraAttention
    private let layerNorm2: LayerNorm
    private let mlp: FeedForward
    private let projection: Linear?
    /// Rows and columns of a window; nil for attention to the whole frame.
    private let window: Int?
    private let isPooled: Bool

    /// - Parameters:
    ///   - scope: where its tensors are.
    ///   - width: channels that go in.
    ///   - stage: the stage that it belongs to, and whose width comes out.
    ///   - window: rows and columns of a window; nil for attention to the whole frame.
    ///   - isPooled: whether two by two tokens become one.
    ///   - configuration: that of the backbone.
    init(
        _ scope: Scope,
        _ width: Int,
        stage: HieraConfiguration.Stage,
        window: Int?,
        isPooled: Bool,
        _ configuration: HieraConfiguration
    ) {
        let epsilon = Float(configuration.layerNormEpsilon)
        self.window = window
        self.isPooled = isPooled
        layerNorm1 = LayerNorm(scope.layer_norm1, width, epsilon: epsilon)
        attention = HieraAttention(scope.attn, width, stage.width, heads: stage.heads)
        layerNorm2 = LayerNorm(scope.layer_norm2, stage.width, epsilon: epsilon)
        let mlpSize = Int(Double(stage.width) * configuration.mlpRatio)
        mlp = FeedForward(scope.mlp, [stage.width, mlpSize, stage.width], .gelu)
        projection = width == stage.width ? nil : Linear(scope.proj, width, stage.width)
    }

    func callAsFunction(_ tokens: TokenGrid) -> TokenGrid {
        var x = tokens
        if let window, x.fits(window) { x = x.arranged(.windows(window)) }
        let normed = x.with(layerNorm1(x.value))
        var residual = x
        if let projection {
            residual = normed.with(projection(normed.value))
            if isPooled { residual = residual.pooled() }
        }
        let attended = attend(normed)
        residual = residual.arranged(attended.order)
        let h = residual.value + attended.value
        return residual.with(h + mlp(layerNorm2(h)))
    }

    private func attend(_ x: TokenGrid) -> TokenGrid {
        guard let window else { return attention(x, windows: 1, isPooled: isPooled) }
        let whole = x.fits(window) ? x : x.padded(for: window).arranged(.windows(window))
        let windows = whole.count / (window * window)
        let attended = attention(whole, windows: windows, isPooled: isPooled)
        if x.fits(window) { return attended }
        let factor = isPooled ? 2 : 1
        return attended.cropped(rows: x.rows / factor, columns: x.columns / factor)
    }
}

/// Attention between the tokens of a window. (transformers' `Sam2MultiScaleAttention`.)
struct HieraAttention {
    private let scope: Scope
    private let proj: Linear
    private let inputs: Int
    private let width: Int
    private let heads: Int

    init(_ scope: Scope, _ inputs: Int, _ width: Int, heads: Int) {
        self.scope = scope
        self.inputs = inputs
        self.width = width
        self.heads = heads
        proj = Linear(scope.proj, width, width)
    }

    /// - Parameters:
    ///   - x: tokens of `inputs` channels, window by window where there are several.
    ///   - windows: how many windows there are.
    ///   - isPooled: whether two by two queries become one.
    /// - Returns: tokens of `width` channels, in the windows' order.
    func callAsFunction(_ x: TokenGrid, windows: Int, isPooled: Bool) -> TokenGrid {
        // Three products, and not one for all, so that nothing has to be taken apart.
        let parts = (0..<3).map { part in
            Linear(
                scope.qkv,
                inputs,
                width,
                rows: part * width..<(part + 1) * width,
                of: 3 * width
            )(x.value)
        }
        let queries = isPooled ? x.with(parts[0]).pooled() : x.with(parts[0])
        let batch = { (value: Value, count: Int) in
            value.reshaped(Shape([windows, count / windows, width]))
        }
        let mixed = Value.attention(
            queries: batch(queries.value, queries.count),
            keys: batch(parts[1], x.count),
            values: batch(parts[2], x.count),
            heads: heads
        )
        return queries.with(proj(mixed.reshaped(Shape([queries.count, width]))))
    }
}
