import NeuralGraph

/// The layers of a transformer as CLIP has them, for texts and images alike.
/// (Radford et al., 2021; transformers' `Owlv2Encoder`.)
struct Owlv2Encoder {
    private let layers: [Owlv2EncoderLayer]

    init(_ scope: Scope, _ configuration: Owlv2Configuration.Transformer, isCausal: Bool) {
        layers = (0..<configuration.layers).map {
            Owlv2EncoderLayer(scope.layers[$0], configuration, isCausal: isCausal)
        }
    }

    /// [tokens, channels] → the same.
    func callAsFunction(_ x: Value) -> Value { layers.reduce(x) { $1($0) } }
}

/// One block of the transformer.
struct Owlv2EncoderLayer {
    private let norm1: LayerNorm
    private let attention: Owlv2Attention
    private let norm2: LayerNorm
    private let fc1: Linear
    private let fc2: Linear

    init(_ scope: Scope, _ configuration: Owlv2Configuration.Transformer, isCausal: Bool) {
        let width = configuration.hiddenSize
        norm1 = LayerNorm(scope.layer_norm1, width, epsilon: configuration.layerNormEpsilon)
        attention = Owlv2Attention(scope.self_attn, configuration, isCausal: isCausal)
        norm2 = LayerNorm(scope.layer_norm2, width, epsilon: configuration.layerNormEpsilon)
        fc1 = Linear(scope.mlp.fc1, width, configuration.mlpSize)
        fc2 = Linear(scope.mlp.fc2, configuration.mlpSize, width)
    }

    /// [tokens, channels] → the same.
    func callAsFunction(_ x: Value) -> Value {
        let h = x + attention(norm1(x))
        return h + fc2(fc1(norm2(h)).quickGelu())
    }
}

/// Attention of every token to every other, or, where it is causal, to those before it and itself.
struct Owlv2Attention {
    private let query: Linear
    private let key: Linear
    private let value: Linear
    private let out: Linear
    private let heads: Int
    private let isCausal: Bool

    init(_ scope: Scope, _ configuration: Owlv2Configuration.Transformer, isCausal: Bool) {
        let width = configuration.hiddenSize
        query = Linear(scope.q_proj, width, width)
        key = Linear(scope.k_proj, width, width)
        value = Linear(scope.v_proj, width, width)
        out = Linear(scope.out_proj, width, width)
        heads = configuration.heads
        self.isCausal = isCausal
    }

    /// [tokens, channels] → the same.
    func callAsFunction(_ x: Value) -> Value {
        // One image or text: [tokens, C] → [1, tokens, C].
        let batch = { (rows: Value) in rows.reshaped([1, x.shape[0], x.shape[1]]) }
        let mixed = Value.attention(
            queries: batch(query(x)),
            keys: batch(key(x)),
            values: batch(value(x)),
            heads: heads,
            isCausal: isCausal
        )
        return out(mixed.reshaped(x.shape))
    }
}
