import NeuralGraph

/// A memory of all tokens of a frame → one of few: latents that attend to the whole frame, and
/// latents that attend to a window each. (Zhou et al., "EdgeTAM: On-Device Track Anything Model",
/// 2025; transformers' `EdgeTamVideoPerceiverResampler`, which names the modules.)
struct SpatialPerceiver {
    private let scope: Scope
    private let configuration: PerceiverConfiguration
    private let channels: Int
    /// Rows and columns of the frame's tokens.
    private let side: Int
    private let layers: [PerceiverLayer]

    /// - Parameters:
    ///   - scope: where its tensors are.
    ///   - configuration: what it looks like.
    ///   - channels: those of a memory.
    ///   - side: rows and columns of the frame's tokens, a multiple of the windows'.
    init(_ scope: Scope, _ configuration: PerceiverConfiguration, channels: Int, side: Int) {
        self.scope = scope
        self.configuration = configuration
        self.channels = channels
        self.side = side
        layers = (0..<configuration.layers).map {
            PerceiverLayer(scope.layers[$0], channels, configuration.mlpSize)
        }
    }

    /// [side², channels] → [latents + windows², channels].
    func callAsFunction(_ memory: Value) -> Value {
        let builder = scope.builder
        let frame = TokenGrid(value: memory, rows: side, columns: side, order: .raster)
        let positions = builder.constant(
            SinePositions.square(side, channels: channels),
            shape: [side * side, channels]
        )
        let windows = configuration.windows
        var whole = scope.weight("latents_1d", [configuration.latents, channels])
        var local = scope.weight("latents_2d", [windows * windows, channels])
        for layer in layers {
            let (keys, values) = layer.projected(frame)
            whole = layer(
                whole,
                attendingTo: (keys.value + positions, values.value + positions),
                windows: 1
            )
            let order = TokenGrid.Order.windows(side / windows)
            local = layer(
                local,
                attendingTo: (keys.arranged(order).value, values.arranged(order).value),
                windows: windows * windows
            )
        }
        let norm = LayerNorm(scope.layer_norm, channels, epsilon: 1e-5)
        return norm(.concatenated([whole, local], axis: 0))
    }
}

/// One layer, which both kinds of latents go through. (transformers'
/// `EdgeTamVideoPerceiverEncoderLayer`.)
private struct PerceiverLayer {
    let scope: Scope
    let channels: Int
    let mlpSize: Int

    init(_ scope: Scope, _ channels: Int, _ mlpSize: Int) {
        self.scope = scope
        self.channels = channels
        self.mlpSize = mlpSize
    }

    /// Keys and values of the frame's tokens, before their positions are added.
    func projected(_ frame: TokenGrid) -> (keys: TokenGrid, values: TokenGrid) {
        let normed = norm("layer_norm_input")(frame.value)
        let attention = scope.cross_attention
        return (
            frame.with(linear(attention.k_proj)(normed)),
            frame.with(linear(attention.v_proj)(normed))
        )
    }

    /// - Parameters:
    ///   - latents: [latents, channels].
    ///   - sources: keys and values, window by window where there are several.
    ///   - windows: as many as there are latents, of which each attends to its own; or one for all.
    /// - Returns: the latents.
    func callAsFunction(
        _ latents: Value,
        attendingTo sources: (keys: Value, values: Value),
        windows: Int
    ) -> Value {
        let queries = linear(scope.cross_attention.q_proj)(norm("layer_norm_latents")(latents))
        let batch = { (rows: Value) -> Value in
            let count = (rows.shape[0].count ?? 0) / windows
            return rows.reshaped(Shape([windows, count, channels]))
        }
        let mixed = Value.attention(
            queries: batch(queries),
            keys: batch(sources.keys),
            values: batch(sources.values),
            heads: 1
        ).reshaped(latents.shape)
        var h = latents + linear(scope.cross_attention.o_proj)(mixed)
        h = h + perceptron(scope.mlp, h)
        h = h + attendToThemselves(norm("layer_norm_self")(h), isOneEach: windows > 1)
        return h + perceptron(scope.self_mlp, h)
    }

    /// Attention of a latent that is alone in its window is that to itself: its value.
    private func attendToThemselves(_ x: Value, isOneEach: Bool) -> Value {
        let attention = scope.self_attention
        let values = linear(attention.v_proj)(x)
        let output = linear(attention.o_proj)
        if isOneEach { return output(values) }
        let batch = { (rows: Value) in rows.reshaped([1, x.shape[0], x.shape[1]]) }
        let mixed = Value.attention(
            queries: batch(linear(attention.q_proj)(x)),
            keys: batch(linear(attention.k_proj)(x)),
            values: batch(values),
            heads: 1
        )
        return output(mixed.reshaped(x.shape))
    }

    /// (transformers' `EdgeTamVideoPerceiverMLP`.)
    private func perceptron(_ scope: Scope, _ x: Value) -> Value {
        let normed = LayerNorm(scope.layer_norm, channels, epsilon: 1e-5)(x)
        let inner = Linear(scope.up_proj, channels, mlpSize, hasBias: false)(normed).gelu()
        return Linear(scope.down_proj, mlpSize, channels, hasBias: false)(inner)
    }

    private func norm(_ name: String) -> LayerNorm {
        LayerNorm(scope[name], channels, epsilon: 1e-5)
    }

    private func linear(_ scope: Scope) -> Linear {
        Linear(scope, channels, channels, hasBias: false)
    }
}
