import Glibc
import NeuralGraph

/// One layer of the attention to memories. (transformers' `Sam2VideoMemoryAttentionLayer`.)
struct MemoryAttentionLayer {
    private let scope: Scope
    private let width: Int
    private let channels: Int
    private let mlpSize: Int
    /// Where the frame's tokens are.
    private let turn: Turn

    init(_ scope: Scope, _ configuration: Sam2Configuration, _ turn: Turn) {
        self.scope = scope
        width = configuration.width
        channels = configuration.memory.channels
        mlpSize = configuration.memory.mlpSize
        self.turn = turn
    }

    /// [tokens, width] → the same.
    func callAsFunction(
        _ x: Value,
        _ memories: [MemoryTokens],
        _ pointers: (keys: Value, values: Value)
    ) -> Value {
        let norms = (1...3).map { LayerNorm(scope["layer_norm\($0)"], width, epsilon: 1e-5) }
        var h = x + attendToItself(norms[0](x))
        h = h + attend(norms[1](h), to: memories, pointers)
        let inner = Linear(scope.linear1, width, mlpSize)(norms[2](h)).relu()
        return h + Linear(scope.linear2, mlpSize, width)(inner)
    }

    private func attendToItself(_ x: Value) -> Value {
        let scope = scope.self_attn
        let project = { (place: Scope) in batch(Linear(place, width, width)(x)) }
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
            return memories.turn(rows).reshaped(tokens(memories, width))
        }
        keys.append(key(pointers.keys))
        var queries = turn(batch(Linear(scope.q_proj, width, width)(x))).reshaped(x.shape)
        if memories.contains(where: { $0.weight > 1 }) {
            let weights = memories.map(\.weight) + [1]
            keys = zip(keys, weights).map { extended($0, by: logf(Float($1)) / Self.share) }
            queries = extended(queries, by: Float(width).squareRoot() * Self.share)
        }
        let values = memories.map { $0.values.reshaped(tokens($0, channels)) } + [pointers.values]
        let mixed = Value.attention(
            queries: batch(queries),
            keys: batch(.concatenated(keys, axis: 0)),
            values: batch(.concatenated(values, axis: 0)),
            heads: 1,
            scale: 1 / Float(width).squareRoot()
        )
        let pair = ProjectionPair(
            first: scope.v_proj,
            second: scope.o_proj,
            widths: (channels, width, width),
            isPointwise: false
        )
        return pair(mixed.reshaped([x.shape[0], .fixed(channels)]))
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
