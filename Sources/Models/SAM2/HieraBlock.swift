import NeuralGraph

/// One block of the backbone: attention in windows or to the whole picture, and a perceptron.
/// (transformers' `Sam2MultiScaleBlock`.)
struct HieraBlock {
    private let layerNorm1: LayerNorm
    private let attention: HieraAttention
    private let layerNorm2: LayerNorm
    private let mlp: FeedForward
    private let projection: Linear?
    /// Rows and columns of a window; nil for attention to the whole picture.
    private let window: Int?
    private let isPooled: Bool

    /// - Parameters:
    ///   - scope: where its tensors are.
    ///   - width: channels that go in.
    ///   - stage: the stage that it belongs to, and whose width comes out.
    ///   - window: rows and columns of a window; nil for attention to the whole picture.
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
