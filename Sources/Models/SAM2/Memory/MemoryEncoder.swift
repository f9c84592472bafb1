import NeuralGraph

/// A frame's features and its mask → a memory of both. (transformers' `Sam2VideoMemoryEncoder`,
/// what `Sam2VideoModel._encode_new_memory` gives to it, and in EdgeTAM the spatial perceiver.)
struct MemoryEncoder {
    let configuration: Sam2Configuration

    /// Builds the graph. Inputs: `features` [tokens, width], without memory; `mask` [rows, columns],
    /// logits of the model's input size; and, with an occlusion embedding, `absence` [1]: 1 when the
    /// object is not visible, else 0. Output: `memory` [tokens of a memory, channels].
    func build(_ builder: GraphBuilder) {
        let (width, type) = (configuration.width, builder.precision.type)
        let (size, image) = (configuration.featureSize, configuration.imageSize)
        let memory = configuration.memory
        let scope = builder.root.memory_encoder
        let features = builder.input("features", type, Shape([size * size, width]))
        let logits = builder.input("mask", .float32, Shape([image, image]))
            .reshaped(Shape([1, 1, image, image]))
        let mask = (logits.sigmoid() * Float(memory.maskScale) + Float(memory.maskBias))
            .cast(to: type)

        var h =
            PointwiseConv2d(scope.feature_projection, width, width)(features)
            + downsampled(mask, scope.mask_downsampler)
        for index in 0..<memory.fuserLayers {
            h = FuserLayer(scope.memory_fuser.layers[index], configuration)(h)
        }
        h = PointwiseConv2d(scope.projection, width, memory.channels)(h)
        if memory.hasOcclusionEmbedding {
            let absence = builder.input("absence", .float32, [1]).cast(to: type)
            let occlusion = builder.root.weight(
                "occlusion_spatial_embedding_parameter",
                [1, memory.channels]
            )
            h = h + absence.reshaped([1, 1]) * occlusion
        }
        if let perceiver = memory.perceiver {
            builder.probe("spatial", h)
            h = SpatialPerceiver(
                builder.root.spatial_perceiver,
                perceiver,
                channels: memory.channels,
                side: size
            )(h)
        }
        builder.output("memory", h.cast(to: .float32))
    }

    /// [1, 1, rows, columns] → [tokens, width].
    private func downsampled(_ mask: Value, _ scope: Scope) -> Value {
        var h = mask
        var channels = 1
        for index in 0..<configuration.memory.maskLayers {
            let layer = scope.layers[index]
            h = Conv2d(layer.conv, channels, channels * 4, kernel: 3, stride: 2, padding: 1)(h)
            h = ChannelNorm(layer.layer_norm, channels * 4, epsilon: 1e-6)(h).gelu()
            channels *= 4
        }
        let tokens = configuration.featureSize * configuration.featureSize
        let rows = h.reshaped(Shape([channels, tokens])).transposed([1, 0])
        return PointwiseConv2d(scope.final_conv, channels, configuration.width)(rows)
    }
}

/// A wide convolution and a perceptron for each pixel. (transformers'
/// `Sam2VideoMemoryFuserCXBlock`.)
private struct FuserLayer {
    let scope: Scope
    let configuration: Sam2Configuration

    init(_ scope: Scope, _ configuration: Sam2Configuration) {
        self.scope = scope
        self.configuration = configuration
    }

    /// [tokens, width] → the same.
    func callAsFunction(_ x: Value) -> Value {
        let (width, size) = (configuration.width, configuration.featureSize)
        let memory = configuration.memory
        let grid = x.transposed([1, 0]).reshaped(Shape([1, width, size, size]))
        let kernel = memory.fuserKernel
        let convolved = grid.convolved(
            with: scope.depthwise_conv.weight("weight", [width, 1, kernel, kernel]),
            adding: scope.depthwise_conv.weight("bias", [width]),
            padding: kernel / 2,
            groups: width
        )
        let rows = convolved.reshaped(Shape([width, size * size])).transposed([1, 0])
        let normed = LayerNorm(scope.layer_norm, width, epsilon: 1e-6)(rows)
        let inner = Linear(scope.pointwise_conv1, width, memory.fuserSize)(normed).gelu()
        let outer = Linear(scope.pointwise_conv2, memory.fuserSize, width)(inner)
        return x + outer * scope.weight("scale", [width])
    }
}
