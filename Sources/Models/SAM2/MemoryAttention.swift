import NeuralGraph
import Tracking

/// A frame's features and what is remembered → features that know where the object is.
/// (transformers' `Sam2VideoMemoryAttention`, and what `Sam2VideoModel` gives to it.)
struct MemoryAttention {
    let configuration: Sam2Configuration
    /// Older memories have one token for squares of so many rows and columns; 1 for all of them.
    let pooling: Int

    /// Writes the graph down. Inputs: `features` [tokens, width]; `memories` [memories, tokens,
    /// channels]; `ages` [memories], which of the temporal encodings each gets; `pointers`
    /// [pointers, width]; where pointers say how old they are, `times` [pointers, width], as
    /// `SinePositions.time` gives them; and, with pooling, `pooled` [memories, tokens / pooling²,
    /// channels] and `pooledAges`. Output: `conditioned` [tokens, width].
    func build(_ builder: GraphBuilder) {
        let (width, type) = (configuration.width, builder.precision.type)
        let tokens = configuration.featureSize * configuration.featureSize
        let features = builder.input("features", type, Shape([tokens, width]))
        let turn = Turn(builder, configuration, pooledBy: 1)
        var memories = [memories(builder, "memories", "ages", turn, pooledBy: 1)]
        if pooling > 1 {
            let pooled = Turn(builder, configuration, pooledBy: pooling)
            memories.append(
                self.memories(builder, "pooled", "pooledAges", pooled, pooledBy: pooling)
            )
        }
        let pointers = pointers(builder)
        let positions = builder.constant(
            SinePositions.square(configuration.featureSize, channels: width),
            shape: [tokens, width]
        )
        let scope = builder.root.memory_attention
        var h = features + positions * 0.1
        for index in 0..<configuration.memory.layers {
            let layer = MemoryAttentionLayer(scope.layers[index], configuration, turn)
            h = layer(h, memories, pointers)
        }
        h = LayerNorm(scope.layer_norm, width, epsilon: 1e-5)(h)
        builder.output("conditioned", h)
    }

    /// Memories of one resolution, with where their tokens are and how old they are.
    private func memories(
        _ builder: GraphBuilder,
        _ name: String,
        _ ages: String,
        _ turn: Turn,
        pooledBy factor: Int
    ) -> MemoryTokens {
        let memory = configuration.memory
        let (channels, size) = (memory.channels, configuration.featureSize)
        let tokens = size * size / (factor * factor)
        let count = Dimension.symbol(name)
        let values = builder.input(name, .float32, [count, .fixed(tokens), .fixed(channels)])
            .cast(to: builder.precision.type)
        let places = builder.constant(
            SquareMeans.of(
                SinePositions.square(size, channels: channels),
                size: size,
                by: factor
            ),
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
            keys: values + (times + places),
            turn: turn,
            weight: factor * factor
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
    /// Where the tokens are.
    let turn: Turn
    /// For how many tokens each one stands.
    let weight: Int
}

/// Angles that tell where tokens are.
struct Turn {
    private let cosines: Value
    private let sines: Value

    init(_ builder: GraphBuilder, _ configuration: Sam2Configuration, pooledBy factor: Int) {
        let (width, size) = (configuration.width, configuration.featureSize)
        let rotary = SinePositions.rotary(
            size,
            channels: width,
            theta: configuration.memory.ropeTheta,
            pooledBy: factor
        )
        let shape = [size * size / (factor * factor), width / 2]
        cosines = builder.constant(rotary.cosines, shape: shape)
        sines = builder.constant(rotary.sines, shape: shape)
    }

    /// [batch, tokens, width] → the same.
    func callAsFunction(_ x: Value) -> Value { x.rotated(cosines: cosines, sines: sines) }
}
