import Glibc
import NeuralGraph
import OnnxEngine
import Processes

/// A frame's features and memories → features conditioned on the memories.
/// (transformers' `Sam2VideoMemoryAttention` and `EdgeTamVideoMemoryAttention`, and what the models
/// give to them.)
struct MemoryAttention {
    let configuration: Sam2Configuration
    /// Older memories have one token for squares of so many rows and columns; 1 for all of them.
    let pooling: Int
    /// How attention of these wide heads is computed.
    let attention: WideAttention

    /// Weight of the frame's sine positions. (`Sam2VideoMemoryAttention.forward`.)
    private static let positionWeight: Float = 0.1

    /// Builds the graph of what no memory takes part in: the first layer's attention of the features
    /// to themselves, which all objects of a frame share. Input: `features` [tokens, width].
    /// Output: `attended` [tokens, width].
    func buildSelfAttention(_ builder: GraphBuilder) {
        let (width, tokens) = (configuration.width, tokens)
        let features = builder.input("features", builder.precision.type, Shape([tokens, width]))
        let positions = builder.constant(
            SinePositions.square(configuration.featureSize, channels: width),
            shape: [tokens, width]
        )
        let h = features + positions * Self.positionWeight
        let rotary = RotaryEmbedding(builder, of: TokenPlaces(configuration, pooledBy: 1))
        builder.output("attended", layer(0, builder, rotary).attendedToItself(h))
    }

    /// Builds the graph of the rest. Inputs: `attended` [tokens, width]; `memories` [memories,
    /// tokens of one, channels]; `ages` [memories], which of the temporal encodings each gets;
    /// `pointers` [pointers, width]; with temporal encodings, `times` [pointers, width], as
    /// `SinePositions.time` gives them; and, with pooling, `pooled` [memories, tokens / pooling²,
    /// channels] and `pooledAges`. Output: `conditioned` [tokens, width].
    func build(_ builder: GraphBuilder) {
        let width = configuration.width
        var h = builder.input("attended", builder.precision.type, Shape([tokens, width]))
        let rotary = RotaryEmbedding(builder, of: TokenPlaces(configuration, pooledBy: 1))
        let places = TokenPlaces(ofMemories: configuration)
        var memories = [memories(builder, "memories", "ages", places)]
        if pooling > 1 {
            let pooled = TokenPlaces(configuration, pooledBy: pooling)
            memories.append(self.memories(builder, "pooled", "pooledAges", pooled))
        }
        let pointers = pointers(builder)
        for index in 0..<configuration.memory.layers {
            let layer = layer(index, builder, rotary)
            if index > 0 { h = layer.attendedToItself(h) }
            h = layer.attended(h, to: memories, pointers)
        }
        h = LayerNorm(builder.root.memory_attention.layer_norm, width, epsilon: 1e-5)(h)
        builder.output("conditioned", h)
    }

    private var tokens: Int { configuration.featureSize * configuration.featureSize }

    private func layer(
        _ index: Int,
        _ builder: GraphBuilder,
        _ rotary: RotaryEmbedding
    ) -> MemoryAttentionLayer {
        let scope = builder.root.memory_attention.layers[index]
        return MemoryAttentionLayer(scope, configuration, rotary, attention)
    }

    /// Memories of one resolution, with where their tokens are and how old they are.
    private func memories(
        _ builder: GraphBuilder,
        _ name: String,
        _ ages: String,
        _ places: TokenPlaces
    ) -> MemoryTokens {
        let memory = configuration.memory
        let (channels, tokens) = (memory.channels, places.count)
        let count = Dimension.symbol(name)
        let values = builder.input(name, .float32, [count, .fixed(tokens), .fixed(channels)])
            .cast(to: builder.precision.type)
        let positions = builder.constant(
            places.sines(channels: channels),
            shape: [1, tokens, channels]
        )
        let times = builder.root
            .weight("memory_temporal_positional_encoding", [memory.memories, 1, 1, channels])
            .reshaped(Shape([memory.memories, channels]))
            .gathered(builder.input(ages, .int64, [count]))
            .reshaped([count, 1, .fixed(channels)])
        return MemoryTokens(
            name: name,
            values: values,
            keys: values + (times + positions),
            rotary: RotaryEmbedding(builder, of: places),
            weight: places.weight
        )
    }

    /// Pointers as tokens of a memory's width, and the same with their times.
    private func pointers(_ builder: GraphBuilder) -> (keys: Value, values: Value) {
        let (width, channels) = (configuration.width, configuration.memory.channels)
        let type = builder.precision.type
        let parts = width / channels
        let values = builder.input("pointers", .float32, ["pointers", .fixed(width)]).cast(to: type)
            .reshaped(["pointers", .fixed(parts), .fixed(channels)])
        var keys = values
        if configuration.memory.hasPointerTimes {
            let times = builder.input("times", .float32, ["pointers", .fixed(width)]).cast(to: type)
            let projection = builder.root.temporal_positional_encoding_projection_layer
            let encoded = Linear(projection, width, channels)(times)
            keys = keys + encoded.reshaped(["pointers", 1, .fixed(channels)])
        }
        let rows = Shape([.symbol("tokens of pointers"), .fixed(channels)])
        return (keys.reshaped(rows), values.reshaped(rows))
    }
}

/// Memories of one resolution.
struct MemoryTokens {
    /// Tells their lengths from those of others.
    let name: String
    /// [memories, tokens, channels].
    let values: Value
    /// The same with places and ages.
    let keys: Value
    let rotary: RotaryEmbedding
    /// For how many tokens each one stands.
    let weight: Int
}

/// Rotary position embedding (RoPE) of tokens.
struct RotaryEmbedding {
    private let cosines: Value
    private let sines: Value

    init(_ builder: GraphBuilder, of places: TokenPlaces) {
        let rotary = places.rotary
        let shape = [places.count, places.width / 2]
        cosines = builder.constant(rotary.cosines, shape: shape)
        sines = builder.constant(rotary.sines, shape: shape)
    }

    /// [batch, tokens, width] → the same.
    func callAsFunction(_ x: Value) -> Value { x.rotated(cosines: cosines, sines: sines) }
}

/// How attention of one head that is as wide as the model is computed.
package enum WideAttention: Sendable {
    /// With ONNX Runtime's operator.
    case fused
    /// As plain products for so many queries at a time.
    case chunks(of: Int)

    /// What is faster: the operator on graphics cards, and on processors with AVX-512, whose vectors
    /// its tiles fill better than those of AVX2. (Benchmarks)
    ///
    /// - Parameters:
    ///   - device: what computes.
    ///   - cpu: what the processor can do.
    /// - Returns: the way.
    package static func fastest(
        on device: Device,
        _ cpu: CPUFeatures = .current
    ) -> WideAttention {
        device != .cpu || cpu.hasAVX512 ? .fused : .chunks(of: 256)
    }

    /// [targets, d], [sources, d], [sources, e] → [targets, e].
    func callAsFunction(_ queries: Value, _ keys: Value, _ values: Value, scale: Float) -> Value {
        switch self {
        case .chunks(let rows):
            return .attention(
                queries: queries,
                keys: keys,
                values: values,
                scale: scale,
                inChunksOf: rows
            )
        case .fused:
            let batch = { (value: Value) in
                value.reshaped([1, value.shape[0], value.shape[1]])
            }
            return Value.attention(
                queries: batch(queries),
                keys: batch(keys),
                values: batch(values),
                heads: 1,
                scale: scale
            )
            .reshaped([queries.shape[0], values.shape[1]])
        }
    }
}

/// One layer of the attention to memories. (transformers' `Sam2VideoMemoryAttentionLayer` and
/// `EdgeTamVideoMemoryAttentionLayer`.)
struct MemoryAttentionLayer {
    private let scope: Scope
    private let width: Int
    private let channels: Int
    private let mlpSize: Int
    /// The linear layers of the perceptron, which EdgeTAM names otherwise.
    private let perceptron: (up: Scope, down: Scope)
    /// Where the frame's tokens are.
    private let rotary: RotaryEmbedding
    private let attention: WideAttention

    init(
        _ scope: Scope,
        _ configuration: Sam2Configuration,
        _ rotary: RotaryEmbedding,
        _ attention: WideAttention
    ) {
        self.scope = scope
        width = configuration.width
        channels = configuration.memory.channels
        mlpSize = configuration.memory.mlpSize
        perceptron =
            configuration.memory.perceiver == nil
            ? (scope.linear1, scope.linear2) : (scope.mlp.up_proj, scope.mlp.down_proj)
        self.rotary = rotary
        self.attention = attention
    }

    /// The layer's first half: [tokens, width] → the same.
    func attendedToItself(_ x: Value) -> Value {
        x + attendToItself(norm(scope.layer_norm1, x))
    }

    /// The layer's second half: [tokens, width] → the same.
    func attended(
        _ x: Value,
        to memories: [MemoryTokens],
        _ pointers: (keys: Value, values: Value)
    ) -> Value {
        let h = x + attend(norm(scope.layer_norm2, x), to: memories, pointers)
        let (up, down) = perceptron
        let inner = Linear(up, width, mlpSize)(norm(scope.layer_norm3, h)).relu()
        return h + Linear(down, mlpSize, width)(inner)
    }

    private func norm(_ scope: Scope, _ x: Value) -> Value {
        LayerNorm(scope, width, epsilon: 1e-5)(x)
    }

    private func attendToItself(_ x: Value) -> Value {
        let scope = scope.self_attn
        let project = { (place: Scope) in Linear(place, width, width)(x) }
        let rotated = { (place: Scope) in rotary(batch(project(place))).reshaped(x.shape) }
        let mixed = attention(
            rotated(scope.q_proj),
            rotated(scope.k_proj),
            project(scope.v_proj),
            scale: 1 / Float(width).squareRoot()
        )
        return Linear(scope.o_proj, width, width)(mixed)
    }

    /// Values are memories of few channels, which a projection makes wide. It is linear, and so
    /// are the weighted means that attention takes, whose weights sum to one; so the means are
    /// taken of the few channels, and what comes out is made wide, by this projection and that of
    /// the output in one.
    private func attend(
        _ x: Value,
        to memories: [MemoryTokens],
        _ pointers: (keys: Value, values: Value)
    ) -> Value {
        let scope = scope.cross_attn_image
        let key = Linear(scope.k_proj, channels, width)
        let tokens = { (memories: MemoryTokens, channels: Int) -> Shape in
            [.symbol("tokens of " + memories.name), .fixed(channels)]
        }
        var keys = memories.map { memories in
            let shape = memories.keys.shape
            let rows = key(memories.keys.reshaped(tokens(memories, channels)))
                .reshaped([shape[0], shape[1], .fixed(width)])
            return memories.rotary(rows).reshaped(tokens(memories, width))
        }
        keys.append(key(pointers.keys))
        var queries = rotary(batch(Linear(scope.q_proj, width, width)(x))).reshaped(x.shape)
        if memories.contains(where: { $0.weight > 1 }) {
            let weights = memories.map(\.weight) + [1]
            keys = zip(keys, weights).map { extended($0, by: logf(Float($1)) / Self.share) }
            queries = extended(queries, by: Float(width).squareRoot() * Self.share)
        }
        let values = memories.map { $0.values.reshaped(tokens($0, channels)) } + [pointers.values]
        let mixed = attention(
            queries,
            .concatenated(keys, axis: 0),
            .concatenated(values, axis: 0),
            scale: 1 / Float(width).squareRoot()
        )
        let pair = ProjectionPair(
            first: scope.v_proj,
            second: scope.o_proj,
            widths: (channels, width, width),
            isPointwise: false
        )
        return pair(mixed)
    }

    /// How the logarithm of a weight is shared out between queries and keys.
    private static let share: Float = 0.25

    /// One column more, of the same number. A token that stands for several weighs as much as
    /// they: the product of two such columns adds the logarithm to what the softmax is taken of.
    private func extended(_ rows: Value, by number: Float) -> Value {
        let column = rows.sliced(axis: 1, 0..<1) * 0 + number
        return .concatenated([rows, column], axis: 1)
    }

    private func batch(_ value: Value) -> Value {
        value.reshaped([1, value.shape[0], value.shape[1]])
    }
}
