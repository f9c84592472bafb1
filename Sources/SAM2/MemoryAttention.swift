import Layers
import OnnxGraph

/// A frame's features and what is remembered → features that know where the object is.
/// (transformers' `Sam2VideoMemoryAttention`, and what `Sam2VideoModel` gives to it.)
struct MemoryAttention {
    let configuration: Sam2Configuration

    /// Writes the graph down. Inputs: `features` [tokens, width]; `memories` [memories, tokens,
    /// channels]; `ages` [memories], which of the temporal encodings each gets; `pointers`
    /// [pointers, width]; and, where pointers say how old they are, `times` [pointers, width], as
    /// `SinePositions.time` gives them. Output: `conditioned` [tokens, width].
    func build(_ builder: GraphBuilder) {
        let (width, type) = (configuration.width, builder.precision.type)
        let (channels, size) = (configuration.memory.channels, configuration.featureSize)
        let tokens = size * size
        let features = builder.input("features", type, Shape([tokens, width]))
        let memories = builder.input(
            "memories",
            .float32,
            ["memories", .fixed(tokens), .fixed(channels)]
        ).cast(to: type)
        let spatial = Memories(
            values: memories,
            keys: memories + places(builder, builder.input("ages", .int64, ["memories"])),
            pointers: pointers(builder)
        )
        let positions = builder.constant(
            SinePositions.square(size, channels: width),
            shape: [tokens, width]
        )
        let rotary = SinePositions.rotary(
            size,
            channels: width,
            theta: configuration.memory.ropeTheta
        )
        let shape = [tokens, width / 2]
        let turn = Turn(
            cosines: builder.constant(rotary.cosines, shape: shape),
            sines: builder.constant(rotary.sines, shape: shape)
        )
        let scope = builder.root.memory_attention
        var h = features + positions * 0.1
        for index in 0..<configuration.memory.layers {
            h = MemoryAttentionLayer(scope.layers[index], configuration)(h, spatial, turn)
        }
        h = LayerNorm(scope.layer_norm, width, epsilon: 1e-5)(h)
        builder.output("conditioned", h)
    }

    /// Where the tokens of a memory are, and how old it is: [memories, tokens, channels].
    private func places(_ builder: GraphBuilder, _ ages: Value) -> Value {
        let (channels, size) = (configuration.memory.channels, configuration.featureSize)
        let count = configuration.memory.memories
        let places = builder.constant(
            SinePositions.square(size, channels: channels),
            shape: [1, size * size, channels]
        )
        let times = builder.root
            .weight("memory_temporal_positional_encoding", [count, 1, 1, channels])
            .reshaped(Shape([count, channels]))
            .gathered(ages)
        return times.reshaped(["memories", 1, .fixed(channels)]) + places
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
            keys =
                keys
                + Linear(projection, width, channels)(times)
                .reshaped(["pointers", 1, .fixed(channels)])
        }
        let rows = Shape([.symbol("tokens of pointers"), .fixed(channels)])
        return (keys.reshaped(rows), values.reshaped(rows))
    }
}

/// What is attended to.
struct Memories {
    /// [memories, tokens, channels].
    let values: Value
    /// The same with places and ages.
    let keys: Value
    /// [tokens of pointers, channels] each.
    let pointers: (keys: Value, values: Value)
}

/// Angles that tell where tokens are, [tokens, width / 2] each.
struct Turn {
    let cosines: Value
    let sines: Value

    /// [batch, tokens, width] → the same.
    func callAsFunction(_ x: Value) -> Value { x.rotated(cosines: cosines, sines: sines) }
}

/// One layer. (transformers' `Sam2VideoMemoryAttentionLayer`.)
private struct MemoryAttentionLayer {
    let scope: Scope
    let width: Int
    let channels: Int
    let mlpSize: Int

    init(_ scope: Scope, _ configuration: Sam2Configuration) {
        self.scope = scope
        width = configuration.width
        channels = configuration.memory.channels
        mlpSize = configuration.memory.mlpSize
    }

    /// [tokens, width] → the same.
    func callAsFunction(_ x: Value, _ memories: Memories, _ turn: Turn) -> Value {
        let norms = (1...3).map { LayerNorm(scope["layer_norm\($0)"], width, epsilon: 1e-5) }
        var h = x + attendToItself(norms[0](x), turn)
        h = h + attend(norms[1](h), to: memories, turn)
        let inner = Linear(scope.linear1, width, mlpSize)(norms[2](h)).relu()
        return h + Linear(scope.linear2, mlpSize, width)(inner)
    }

    private func attendToItself(_ x: Value, _ turn: Turn) -> Value {
        let scope = scope.self_attn
        let batch = Shape([1, x.shape[0], .fixed(width)].map { $0 })
        let project = { (place: Scope) in Linear(place, width, width)(x).reshaped(batch) }
        let mixed = Value.attention(
            queries: turn(project(scope.q_proj)),
            keys: turn(project(scope.k_proj)),
            values: project(scope.v_proj),
            heads: 1
        )
        return Linear(scope.o_proj, width, width)(mixed.reshaped(x.shape))
    }

    /// Values are memories of few channels, which a projection makes wide. It is linear, and so
    /// are the weighted means that attention takes, whose weights sum to one; so the means are
    /// taken of the few channels, and what comes out is made wide, by this projection and that of
    /// the output in one.
    private func attend(_ x: Value, to memories: Memories, _ turn: Turn) -> Value {
        let scope = scope.cross_attn_image
        let key = Linear(scope.k_proj, channels, width)
        let rows = Shape([.symbol("tokens of memories"), .fixed(channels)])
        let spatial = key(memories.keys.reshaped(rows))
            .reshaped(["memories", x.shape[0], .fixed(width)])
        let keys = Value.concatenated(
            [
                turn(spatial).reshaped(["tokens of memories", .fixed(width)]),
                key(memories.pointers.keys),
            ],
            axis: 0
        )
        let values = Value.concatenated(
            [memories.values.reshaped(rows), memories.pointers.values],
            axis: 0
        )
        let batch = { (value: Value) in
            value.reshaped([1, value.shape[0], value.shape[1]])
        }
        let mixed = Value.attention(
            queries: turn(batch(Linear(scope.q_proj, width, width)(x))),
            keys: batch(keys),
            values: batch(values),
            heads: 1
        )
        let pair = ProjectionPair(
            first: scope.v_proj,
            second: scope.o_proj,
            widths: (channels, width, width),
            isPointwise: false
        )
        return pair(mixed.reshaped([x.shape[0], .fixed(channels)]))
    }
}
