import NeuralGraph

/// Tokens and features that attend to each other. (transformers' `Sam2VideoTwoWayTransformer`.)
struct TwoWayTransformer {
    private let layers: [TwoWayBlock]
    private let finalAttention: DownsampledAttention
    private let finalNorm: LayerNorm

    init(_ scope: Scope, _ configuration: Sam2Configuration) {
        layers = (0..<configuration.decoder.layers).map {
            TwoWayBlock(scope.layers[$0], configuration, isFirst: $0 == 0)
        }
        finalAttention = DownsampledAttention(scope.final_attn_token_to_image, configuration)
        finalNorm = LayerNorm(scope.layer_norm_final_attn, configuration.width, epsilon: 1e-5)
    }

    /// - Parameters:
    ///   - tokens: [tokens, width].
    ///   - features: [pixels, width].
    ///   - positions: where these are, [pixels, width].
    /// - Returns: both after having attended to each other.
    func callAsFunction(_ tokens: Value, _ features: Value, _ positions: Value) -> (Value, Value) {
        var (queries, keys) = (tokens, features)
        for layer in layers { (queries, keys) = layer(queries, keys, tokens, positions) }
        let attended = finalAttention(queries + tokens, keys + positions, keys)
        return (finalNorm(queries + attended), keys)
    }
}

/// One layer of it. (transformers' `Sam2VideoTwoWayAttentionBlock`.)
private struct TwoWayBlock {
    let selfAttention: DownsampledAttention
    let tokenToImage: DownsampledAttention
    let imageToToken: DownsampledAttention
    let mlp: FeedForward
    let norms: [LayerNorm]
    let isFirst: Bool

    init(_ scope: Scope, _ configuration: Sam2Configuration, isFirst: Bool) {
        let width = configuration.width
        let decoder = configuration.decoder
        selfAttention = DownsampledAttention(scope.self_attn, configuration, rate: 1)
        tokenToImage = DownsampledAttention(scope.cross_attn_token_to_image, configuration)
        imageToToken = DownsampledAttention(scope.cross_attn_image_to_token, configuration)
        // The reference makes as many linear layers as the transformer has layers.
        let between = Array(repeating: decoder.mlpSize, count: decoder.layers - 1)
        mlp = FeedForward(scope.mlp, [width] + between + [width], .relu)
        norms = (1...4).map { LayerNorm(scope["layer_norm\($0)"], width, epsilon: 1e-5) }
        self.isFirst = isFirst
    }

    func callAsFunction(
        _ tokens: Value,
        _ features: Value,
        _ tokenPositions: Value,
        _ positions: Value
    ) -> (Value, Value) {
        var queries = tokens
        if isFirst {
            // The tokens are their own positions as yet.
            queries = selfAttention(queries, queries, queries)
        } else {
            let placed = queries + tokenPositions
            queries = queries + selfAttention(placed, placed, queries)
        }
        queries = norms[0](queries)
        let keys = features + positions
        queries = norms[1](queries + tokenToImage(queries + tokenPositions, keys, features))
        queries = norms[2](queries + mlp(queries))
        let attended = imageToToken(keys, queries + tokenPositions, queries)
        return (queries, norms[3](features + attended))
    }
}

/// Attention in fewer channels than what it works on. (transformers' `Sam2VideoAttention`.)
private struct DownsampledAttention {
    let query: Linear
    let key: Linear
    let value: Linear
    let output: Linear
    let heads: Int

    init(_ scope: Scope, _ configuration: Sam2Configuration, rate: Int? = nil) {
        let width = configuration.width
        let inner = width / (rate ?? configuration.decoder.downsampleRate)
        query = Linear(scope.q_proj, width, inner)
        key = Linear(scope.k_proj, width, inner)
        value = Linear(scope.v_proj, width, inner)
        output = Linear(scope.o_proj, inner, width)
        heads = configuration.decoder.heads
    }

    /// [targets, width], [sources, width] twice → [targets, width].
    func callAsFunction(_ queries: Value, _ keys: Value, _ values: Value) -> Value {
        let batch = { (rows: Value) in rows.reshaped([1, rows.shape[0], rows.shape[1]]) }
        let mixed = Value.attention(
            queries: batch(query(queries)),
            keys: batch(key(keys)),
            values: batch(value(values)),
            heads: heads
        )
        return output(mixed.reshaped([queries.shape[0], mixed.shape[2]]))
    }
}
