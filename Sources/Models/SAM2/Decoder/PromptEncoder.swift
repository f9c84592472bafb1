import NeuralGraph

/// Points, boxes and masks → what the mask decoder takes. (transformers'
/// `Sam2VideoPromptEncoder`.)
struct PromptEncoder {
    /// The kind of what only fills up; those of points and corners are `DecoderPrompt.Kind`s.
    static let padding = 4

    let configuration: Sam2Configuration

    /// Builds the graph for points. Inputs: `points` [points, 2], columns and rows as parts
    /// of the frame, 0…1, and `kinds` [points]. Output: `sparse` [points, width].
    func buildPoints(_ builder: GraphBuilder) {
        let scope = builder.root.prompt_encoder
        let width = configuration.width
        let points = builder.input("points", .float32, ["points", 2])
        let kinds = builder.input("kinds", .int64, ["points"])
        let embeddings = Value.concatenated(
            [
                scope.point_embed.weight("weight", [4, width]),
                scope.not_a_point_embed.weight("weight", [1, width]),
            ],
            axis: 0
        )
        // What only fills up has no place.
        let hasPlace = builder.constant([1, 1, 1, 1, 0], shape: [5, 1]).gathered(kinds)
        let place = Self.position(points.cast(to: builder.precision.type), in: builder, width)
        builder.output("sparse", place * hasPlace + embeddings.gathered(kinds))
    }

    /// Builds the graph for masks. Its input is `logits`, a mask as the decoder makes them,
    /// [mask size, mask size], or, where `isObject`, `mask`: 0 and 1 at the model's own size.
    /// Output: `dense` [tokens, width].
    func buildMask(_ builder: GraphBuilder, isObject: Bool) {
        let size = isObject ? configuration.imageSize : configuration.maskSize
        var mask = builder.input(isObject ? "mask" : "logits", .float32, Shape([size, size]))
            .reshaped(Shape([1, 1, size, size]))
            .cast(to: builder.precision.type)
        if isObject {
            // To the size and the range of logits.
            mask = Conv2d(builder.root.mask_downsample, 1, 1, kernel: 4, stride: 4)(mask)
        }
        let scope = builder.root.prompt_encoder.mask_embed
        let channels = configuration.decoder.maskInputChannels
        let epsilon = Float(configuration.decoder.layerNormEpsilon)
        let h1 = ChannelNorm(scope.layer_norm1, channels / 4, epsilon: epsilon)(
            Conv2d(scope.conv1, 1, channels / 4, kernel: 2, stride: 2)(mask)
        ).gelu()
        let h2 = ChannelNorm(scope.layer_norm2, channels, epsilon: epsilon)(
            Conv2d(scope.conv2, channels / 4, channels, kernel: 2, stride: 2)(h1)
        ).gelu()
        let tokens = configuration.featureSize * configuration.featureSize
        let rows = h2.reshaped(Shape([channels, tokens])).transposed([1, 0])
        builder.output("dense", PointwiseConv2d(scope.conv3, channels, configuration.width)(rows))
    }

    /// Builds the graph of the "no mask" embedding, which has no input. Output: `dense`
    /// [tokens, width].
    func buildNoMask(_ builder: GraphBuilder) {
        let tokens = configuration.featureSize * configuration.featureSize
        let nothing = builder.root.prompt_encoder.no_mask_embed
            .weight("weight", [1, configuration.width])
        builder.output("dense", nothing.tiled([tokens, 1]))
    }

    /// Positions of the tokens of the frame: [tokens, width].
    static func positions(_ builder: GraphBuilder, _ configuration: Sam2Configuration) -> Value {
        let size = configuration.featureSize
        let centres = (0..<size).map { (Float($0) + 0.5) / Float(size) }
        let grid = centres.flatMap { y in centres.flatMap { x in [x, y] } }
        return position(
            builder.constant(grid, shape: [size * size, 2]),
            in: builder,
            configuration.width,
            ofImage: true
        )
    }

    /// Random waves over the frame. (Tancik et al., "Fourier Features Let Networks Learn High
    /// Frequency Functions in Low Dimensional Domains", 2020.) Checkpoints hold the same waves
    /// under two names, or under one of them.
    private static func position(
        _ points: Value,
        in builder: GraphBuilder,
        _ width: Int,
        ofImage: Bool = false
    ) -> Value {
        let places = [
            builder.root.prompt_encoder.shared_embedding, builder.root.shared_image_embedding,
        ]
        let name = "positional_embedding"
        let order = ofImage ? places.reversed() : places
        let place = order.first { $0.has(name) } ?? order[0]
        let waves = (points * 2 + -1).multiplied(by: place.weight(name, [2, width / 2]))
        let phases = waves * (2 * Float.pi)
        return .concatenated([phases.sine(), phases.cosine()], axis: 1)
    }
}

/// Normalisation over the channels of each pixel, [1, channels, rows, columns].
struct ChannelNorm {
    private let norm: LayerNorm

    init(_ scope: Scope, _ channels: Int, epsilon: Float) {
        norm = LayerNorm(scope, channels, epsilon: epsilon)
    }

    func callAsFunction(_ x: Value) -> Value {
        norm(x.transposed([0, 2, 3, 1])).transposed([0, 3, 1, 2])
    }
}
