import NeuralGraph

/// Features and prompts → masks. (transformers' `Sam2VideoMaskDecoder`, and the pointers of
/// `Sam2VideoModel._single_frame_forward`.)
struct MaskDecoder {
    let configuration: Sam2Configuration

    /// Builds the graph. Inputs: `features` [tokens, width], with memory or without; `fine` and
    /// `middle`, as the image encoder gives them; `sparse` [prompts, width]; `dense` [tokens, width].
    /// Outputs, first the single mask's and then the others': `masks` [count, mask size, mask size],
    /// logits; `ious` [count], predicted for each mask, 0…1; `pointers` [count, width]. Also
    /// `objectScore` [1], above 0 when the object is visible, and `noObjectPointer` [width], the
    /// pointer of an object that is not.
    func build(_ builder: GraphBuilder) {
        let scope = builder.root.mask_decoder
        let (width, type) = (configuration.width, builder.precision.type)
        let sizes = configuration.featureSizes
        let count = configuration.decoder.multimaskCount + 1
        let tokenCount = sizes[2] * sizes[2]
        let features = builder.input("features", type, Shape([tokenCount, width]))
        let fine = builder.input("fine", type, Shape([sizes[0] * sizes[0], width / 8]))
        let middle = builder.input("middle", type, Shape([sizes[1] * sizes[1], width / 4]))
        let sparse = builder.input("sparse", type, ["prompts", .fixed(width)])
        let dense = builder.input("dense", type, Shape([tokenCount, width]))

        let own = Value.concatenated(
            [
                scope.obj_score_token.weight("weight", [1, width]),
                scope.iou_token.weight("weight", [1, width]),
                scope.mask_tokens.weight("weight", [count, width]),
            ],
            axis: 0
        )
        let (tokens, mixed) = TwoWayTransformer(scope.transformer, configuration)(
            .concatenated([own, sparse], axis: 0),
            features + dense,
            PromptEncoder.positions(builder, configuration)
        )
        // The tokens' own part has a known length again.
        let table = tokens.gathered(builder.constant(Array(0..<2 + count)))
        let upscaled = upscale(mixed, fine, middle, scope)
        builder.output("masks", masks(table, upscaled, scope, count).cast(to: .float32))

        let objectScore = FeedForward(scope.pred_obj_score_head, [width, width, width, 1], .relu)(
            table.sliced(axis: 0, 0..<1)
        )
        builder.output("objectScore", objectScore.reshaped([1]).cast(to: .float32))
        builder.output("ious", ious(table, scope, count).cast(to: .float32))
        buildPointers(builder, table.sliced(axis: 0, 2..<2 + count), objectScore)
    }

    /// [count, mask size, mask size]: for each mask token a kernel, applied to every pixel.
    private func masks(_ table: Value, _ upscaled: Value, _ scope: Scope, _ count: Int) -> Value {
        let (width, size) = (configuration.width, configuration.maskSize)
        let kernels = (0..<count).map { index in
            FeedForward(
                scope.output_hypernetworks_mlps[index],
                [width, width, width, width / 8],
                .relu
            )(table.sliced(axis: 0, 2 + index..<3 + index))
        }
        return Value.concatenated(kernels, axis: 0)
            .multiplied(byRowsOf: upscaled, adding: nil)
            .reshaped(Shape([count, size, size]))
    }

    private func ious(_ table: Value, _ scope: Scope, _ count: Int) -> Value {
        let decoder = configuration.decoder
        let between = Array(repeating: decoder.scoreSize, count: decoder.scoreDepth - 1)
        let head = FeedForward(
            scope.iou_prediction_head,
            [configuration.width] + between + [count],
            .relu
        )
        return head(table.sliced(axis: 0, 1..<2)).sigmoid().reshaped(Shape([count]))
    }

    private func buildPointers(_ builder: GraphBuilder, _ tokens: Value, _ objectScore: Value) {
        let width = configuration.width
        let noObjectPointer = builder.root.weight("no_object_pointer", [1, width])
        let pointers = FeedForward(
            builder.root.object_pointer_proj,
            [width, width, width, width],
            .relu
        )(tokens)
        let isThere = objectScore.isPositive()
        let mixed = pointers * isThere + noObjectPointer * (isThere * -1 + 1)
        builder.output("pointers", mixed.cast(to: .float32))
        builder.output(
            "noObjectPointer",
            noObjectPointer.reshaped(Shape([width])).cast(to: .float32)
        )
    }

    /// Features, four times as fine in each direction: [mask size², width / 8].
    private func upscale(_ x: Value, _ fine: Value, _ middle: Value, _ scope: Scope) -> Value {
        let (width, sizes) = (configuration.width, configuration.featureSizes)
        let h1 = UpscaleRows(scope.upscale_conv1, width, width / 4)(x, size: sizes[2]) + middle
        let norm = LayerNorm(scope.upscale_layer_norm, width / 4, epsilon: 1e-6)
        let h2 = norm(h1).gelu()
        let h3 = UpscaleRows(scope.upscale_conv2, width / 4, width / 8)(h2, size: sizes[1]) + fine
        return h3.gelu()
    }
}

/// A transposed convolution whose windows of two by two pixels lie side by side, on pixels that
/// lie as rows: a product of matrices, whose results are then laid into place.
private struct UpscaleRows {
    let scope: Scope
    let inputs: Int
    let outputs: Int

    init(_ scope: Scope, _ inputs: Int, _ outputs: Int) {
        self.scope = scope
        self.inputs = inputs
        self.outputs = outputs
    }

    /// [size², inputs] → [4 · size², outputs].
    func callAsFunction(_ rows: Value, size: Int) -> Value {
        let weight = scope.weight("weight", [inputs, outputs, 2, 2])
            .transposed([0, 2, 3, 1])
            .reshaped(Shape([inputs, 4 * outputs]))
        return rows.multiplied(by: weight)
            .reshaped(Shape([size, size, 2, 2, outputs]))
            .transposed([0, 2, 1, 3, 4])
            .reshaped(Shape([4 * size * size, outputs]))
            + scope.weight("bias", [outputs])
    }
}

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

/// Linear layers with an activation between them. (transformers' `Sam2VideoFeedForward`.)
struct FeedForward {
    enum Activation { case relu, gelu }

    private let layers: [Linear]
    private let activation: Activation

    /// - Parameters:
    ///   - scope: where its tensors are.
    ///   - widths: channels that go in, lie between the layers, and come out.
    ///   - activation: what comes between the layers.
    init(_ scope: Scope, _ widths: [Int], _ activation: Activation) {
        self.activation = activation
        let count = widths.count - 1
        layers = (0..<count).map { index in
            let place =
                index == 0
                ? scope.proj_in : index == count - 1 ? scope.proj_out : scope.layers[index - 1]
            return Linear(place, widths[index], widths[index + 1])
        }
    }

    /// [rows, inputs] → [rows, outputs].
    func callAsFunction(_ x: Value) -> Value {
        var h = x
        for (index, layer) in layers.enumerated() {
            h = layer(h)
            guard index + 1 < layers.count else { break }
            switch activation {
            case .relu: h = h.relu()
            case .gelu: h = h.gelu()
            }
        }
        return h
    }
}
