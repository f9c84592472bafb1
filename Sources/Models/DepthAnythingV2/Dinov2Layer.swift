import NeuralGraph

/// One block of the transformer.
struct Dinov2Layer {
    private let norm1: LayerNorm
    private let attention: Dinov2Attention
    private let layerScale1: LayerScale
    private let norm2: LayerNorm
    private let fc1: Linear
    private let fc2: Linear
    private let layerScale2: LayerScale

    init(_ scope: Scope, _ configuration: Dinov2Configuration) {
        let width = configuration.hiddenSize
        let epsilon = Float(configuration.layerNormEpsilon)
        norm1 = LayerNorm(scope.norm1, width, epsilon: epsilon)
        attention = Dinov2Attention(scope.attention, configuration)
        layerScale1 = LayerScale(scope.layer_scale1, width)
        norm2 = LayerNorm(scope.norm2, width, epsilon: epsilon)
        fc1 = Linear(scope.mlp.fc1, width, configuration.mlpSize)
        fc2 = Linear(scope.mlp.fc2, configuration.mlpSize, width)
        layerScale2 = LayerScale(scope.layer_scale2, width)
    }

    /// [tokens, channels] → the same.
    func callAsFunction(_ x: Value) -> Value {
        let h = x + layerScale1(attention(norm1(x)))
        return h + layerScale2(fc2(fc1(norm2(h)).gelu()))
    }
}

/// Attention of every token to every other.
struct Dinov2Attention {
    private let query: Linear
    private let key: Linear
    private let value: Linear
    private let dense: Linear
    private let heads: Int

    init(_ scope: Scope, _ configuration: Dinov2Configuration) {
        let width = configuration.hiddenSize
        let hasBias = configuration.hasQueryKeyValueBias
        query = Linear(scope.attention.query, width, width, hasBias: hasBias)
        key = Linear(scope.attention.key, width, width, hasBias: hasBias)
        value = Linear(scope.attention.value, width, width, hasBias: hasBias)
        dense = Linear(scope.output.dense, width, width)
        heads = configuration.heads
    }

    /// [tokens, channels] → the same.
    func callAsFunction(_ x: Value) -> Value {
        // One picture: [tokens, C] → [1, tokens, C].
        let batch = { (rows: Value) in rows.reshaped([1, x.shape[0], x.shape[1]]) }
        let mixed = Value.attention(
            queries: batch(query(x)),
            keys: batch(key(x)),
            values: batch(value(x)),
            heads: heads
        )
        return dense(mixed.reshaped(x.shape))
    }
}

/// One learned factor for each channel. (Touvron et al., "Going deeper with Image
/// Transformers", 2021.)
struct LayerScale {
    private let scope: Scope
    private let width: Int

    init(_ scope: Scope, _ width: Int) {
        self.scope = scope
        self.width = width
    }

    /// [tokens, channels] → the same.
    func callAsFunction(_ x: Value) -> Value { x * scope.weight("lambda1", [width]) }
}
