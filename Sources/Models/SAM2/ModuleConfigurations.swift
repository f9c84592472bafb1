import Weights

/// What the backbone looks like: a Hiera vision transformer. Names and defaults are those of
/// `Sam2HieraDetConfig` in transformers (models/sam2/configuration_sam2.py).
package struct HieraConfiguration: Sendable, Equatable {
    /// One stage: blocks that work at the same resolution.
    package struct Stage: Sendable, Equatable {
        /// How many blocks.
        package let blocks: Int
        /// Channels of every token.
        package let width: Int
        /// Attention heads; divides `width`.
        package let heads: Int
        /// Rows and columns of a window of attention, in tokens.
        package let window: Int
    }

    /// A size in tokens.
    package struct Background: Sendable, Equatable {
        /// From top to bottom.
        package let rows: Int
        /// From left to right.
        package let columns: Int
    }

    /// The stages, from fine to coarse.
    package let stages: [Stage]
    /// Rows and columns of the frame that a token is made of, in pixels.
    package let patchKernel: Int
    /// Pixels from one token to the next.
    package let patchStride: Int
    /// Zeros around the frame, in pixels.
    package let patchPadding: Int
    /// How many tokens become one, on each axis, where queries are pooled.
    package let queryStride: Int
    /// How many stages after the first begin with pooled queries.
    package let queryPoolStages: Int
    /// Rows and columns of the coarse position embedding.
    package let backgroundSize: Background
    /// Numbers of the blocks, counted over all stages, that attend to the whole frame.
    package let globalBlocks: Set<Int>
    /// Channels between the linear layers of a block, as a multiple of its own.
    package let mlpRatio: Double
    /// What the layer norms add to the variance.
    package let layerNormEpsilon: Double

    /// Reads the object `backbone_config`.
    ///
    /// - Throws: `EightCutError` that names the field which makes no sense or is not supported.
    init(_ fields: ConfigurationFields) throws {
        try fields.require("model_type", "sam2_hiera_det_model", default: "sam2_hiera_det_model")
        try fields.require("hidden_act", "gelu", default: "gelu")
        try fields.require("num_channels", 3, default: 3)
        stages = try Self.stages(fields)
        patchKernel = try fields.side("patch_kernel_size", default: 7, in: 1...64)
        patchStride = try fields.side("patch_stride", default: 4, in: 1...64)
        patchPadding = try fields.side("patch_padding", default: 3, in: 0...64)
        queryStride = try fields.side("query_stride", default: 2, in: 2...2)
        queryPoolStages = try fields.integer(
            "num_query_pool_stages",
            default: 3,
            in: 0...(stages.count - 1)
        )
        let name = "window_positional_embedding_background_size"
        let size = try fields.integers(name, in: 1...1024) ?? [7, 7]
        guard size.count == 2 else { throw fields.problem(name, "is not rows and columns") }
        backgroundSize = Background(rows: size[0], columns: size[1])
        let blocks = stages.reduce(0) { $0 + $1.blocks }
        let globals = try fields.integers("global_attention_blocks", in: 0...(blocks - 1))
        globalBlocks = Set(globals ?? [5, 7, 9])
        mlpRatio = try fields.number("mlp_ratio", default: 4, in: 0.01...64)
        layerNormEpsilon = try fields.number("layer_norm_eps", default: 1e-6, in: 1e-15...1)
    }

    private static func stages(_ fields: ConfigurationFields) throws -> [Stage] {
        let widths = try fields.integers("embed_dim_per_stage", in: 1...16_384)
        let blocks = try list(fields, "blocks_per_stage", [1, 2, 7, 2], in: 1...256)
        let heads = try list(fields, "num_attention_heads_per_stage", [1, 2, 4, 8], in: 1...256)
        let windows = try list(fields, "window_size_per_stage", [8, 4, 14, 7], in: 1...256)
        let channels = widths ?? [96, 192, 384, 768]
        guard channels.count == 4 else {
            throw fields.problem("embed_dim_per_stage", "are not 4 numbers")
        }
        let hiddenSize = try fields.integer("hidden_size", default: 96, in: 1...16_384)
        guard channels[0] == hiddenSize else {
            throw fields.problem("hidden_size", "is not the first of 'embed_dim_per_stage'")
        }
        // Two by two tokens become one inside of these.
        guard windows.dropLast().allSatisfy({ $0.isMultiple(of: 2) }) else {
            throw fields.problem("window_size_per_stage", "has an odd one before the last")
        }
        return try (0..<4).map { index in
            guard channels[index].isMultiple(of: heads[index]) else {
                throw fields.problem(
                    "num_attention_heads_per_stage",
                    "does not divide 'embed_dim_per_stage'"
                )
            }
            return Stage(
                blocks: blocks[index],
                width: channels[index],
                heads: heads[index],
                window: windows[index]
            )
        }
    }

    private static func list(
        _ fields: ConfigurationFields,
        _ name: String,
        _ other: [Int],
        in range: ClosedRange<Int>
    ) throws -> [Int] {
        let numbers = try fields.integers(name, in: range) ?? other
        guard numbers.count == 4 else { throw fields.problem(name, "are not 4 numbers") }
        return numbers
    }
}

/// The prompt encoder and the mask decoder. Names and defaults are
/// those of `Sam2VideoPromptEncoderConfig` and `Sam2VideoMaskDecoderConfig` in transformers.
package struct MaskDecoderConfiguration: Sendable, Equatable {
    /// Pixels of the frame for one token, on each axis.
    package let patchSize: Int
    /// Channels between the convolutions over a mask that is given as a prompt.
    package let maskInputChannels: Int
    /// What the layer norms over such a mask add to the variance.
    package let layerNormEpsilon: Double
    /// Layers of the transformer between tokens and features.
    package let layers: Int
    /// Attention heads.
    package let heads: Int
    /// By what the channels are divided for attention to the features.
    package let downsampleRate: Int
    /// Channels between the linear layers of a block.
    package let mlpSize: Int
    /// Masks that one prompt gives beside the single one.
    package let multimaskCount: Int
    /// Linear layers of the head that predicts how good a mask is.
    package let scoreDepth: Int
    /// Channels between them.
    package let scoreSize: Int
    /// When the single mask gives way to the best of several; nil for never.
    package let stability: Stability?

    /// A single mask counts as stable when it hardly changes with its threshold.
    package struct Stability: Sendable, Equatable {
        /// How far the threshold is moved up and down, as a logit.
        package let delta: Double
        /// The least intersection over union of both that counts as stable.
        package let threshold: Double
    }

    init(_ fields: ConfigurationFields, imageSize: Int, width: Int) throws {
        guard let prompts = try fields.object("prompt_encoder_config") else {
            throw fields.problem("prompt_encoder_config", "is missing")
        }
        guard let masks = try fields.object("mask_decoder_config") else {
            throw fields.problem("mask_decoder_config", "is missing")
        }
        let sizes = 1...16_384
        for (object, name) in [(prompts, "hidden_size"), (masks, "hidden_size")] {
            guard try object.integer(name, default: 256, in: sizes) == width else {
                throw object.problem(name, "is not 'fpn_hidden_size'")
            }
        }
        guard try prompts.side("image_size", default: 1024, in: sizes) == imageSize else {
            throw prompts.problem("image_size", "is not that of the model")
        }
        try prompts.require("num_point_embeddings", 4, default: 4)
        try prompts.require("hidden_act", "gelu", default: "gelu")
        patchSize = try prompts.side("patch_size", default: 16, in: 1...256)
        maskInputChannels = try prompts.integer("mask_input_channels", default: 16, in: 4...1024)
        guard maskInputChannels.isMultiple(of: 4) else {
            throw prompts.problem("mask_input_channels", "is no multiple of 4")
        }
        layerNormEpsilon = try prompts.number("layer_norm_eps", default: 1e-6, in: 1e-15...1)
        layers = try masks.integer("num_hidden_layers", default: 2, in: 2...64)
        heads = try masks.integer("num_attention_heads", default: 8, in: 1...256)
        downsampleRate = try masks.integer("attention_downsample_rate", default: 2, in: 1...64)
        guard width.isMultiple(of: heads * downsampleRate) else {
            throw masks.problem("num_attention_heads", "does not divide the channels")
        }
        mlpSize = try masks.integer("mlp_dim", default: 2048, in: sizes)
        multimaskCount = try masks.integer("num_multimask_outputs", default: 3, in: 1...16)
        scoreDepth = try masks.integer("iou_head_depth", default: 3, in: 2...16)
        scoreSize = try masks.integer("iou_head_hidden_dim", default: 256, in: sizes)
        let delta = "dynamic_multimask_stability_delta"
        let threshold = "dynamic_multimask_stability_thresh"
        let isDynamic = try masks.flag("dynamic_multimask_via_stability", default: true)
        let stability = Stability(
            delta: try masks.number(delta, default: 0.05, in: 0...1e6),
            threshold: try masks.number(threshold, default: 0.98, in: 0...1)
        )
        self.stability = isDynamic ? stability : nil
    }
}

/// The memory encoder and memory attention, and how the tracker uses them. Names and defaults are
/// those of `Sam2VideoConfig` in transformers.
package struct MemoryConfiguration: Sendable, Equatable {
    /// Channels of a memory.
    package let channels: Int
    /// Layers of the attention to memories.
    package let layers: Int
    /// Channels between the linear layers of such a layer.
    package let mlpSize: Int
    /// The base of the wavelengths of rotary positions.
    package let ropeTheta: Double
    /// Convolutions that make a mask smaller, each by half.
    package let maskLayers: Int
    /// Layers that mix features and mask.
    package let fuserLayers: Int
    /// Rows and columns of their windows.
    package let fuserKernel: Int
    /// Channels between their linear layers.
    package let fuserSize: Int
    /// Whether memories encode that the object is not visible.
    package let hasOcclusionEmbedding: Bool
    /// Whether object pointers get a temporal encoding.
    package let hasPointerTimes: Bool
    /// How many memories there are at a time, the latest one of a prompt among them.
    package let memories: Int
    /// How many pointers there are at a time.
    package let pointers: Int
    /// How many prompted frames are attended to at a time; nil for all.
    package let conditioningFrames: Int?
    /// What a mask of 0...1 is multiplied by before the memory encoder.
    package let maskScale: Double
    /// What is then added.
    package let maskBias: Double
    /// With how many points there are several masks to choose from; nil for never.
    package let multimaskPoints: ClosedRange<Int>?
    /// Whether there are also on frames without a prompt.
    package let multimaskForTracking: Bool

    init(_ fields: ConfigurationFields, width: Int) throws {
        let sizes = 1...16_384
        for name in [
            "memory_attention_hidden_size", "memory_encoder_hidden_size",
            "mask_downsampler_embed_dim", "memory_fuser_embed_dim",
        ] {
            guard try fields.integer(name, default: 256, in: sizes) == width else {
                throw fields.problem(name, "is not 'fpn_hidden_size'")
            }
        }
        channels = try fields.integer("memory_encoder_output_channels", default: 64, in: 4...width)
        guard width.isMultiple(of: channels), channels.isMultiple(of: 4) else {
            throw fields.problem("memory_encoder_output_channels", "does not divide the features'")
        }
        layers = try fields.integer("memory_attention_num_layers", default: 4, in: 1...64)
        try fields.require("memory_attention_num_attention_heads", 1, default: 1)
        try fields.require("memory_attention_downsample_rate", 1, default: 1)
        try fields.require("memory_attention_feed_forward_hidden_act", "relu", default: "relu")
        mlpSize = try fields.integer(
            "memory_attention_feed_forward_hidden_size",
            default: 2048,
            in: sizes
        )
        ropeTheta = try Self.theta(fields)
        try fields.require("mask_downsampler_kernel_size", 3, default: 3)
        try fields.require("mask_downsampler_stride", 2, default: 2)
        try fields.require("mask_downsampler_padding", 1, default: 1)
        try fields.require("mask_downsampler_hidden_act", "gelu", default: "gelu")
        try fields.require("mask_downsampler_total_stride", 16, default: 16)
        maskLayers = 4
        fuserLayers = try fields.integer("memory_fuser_num_layers", default: 2, in: 1...64)
        fuserKernel = try fields.integer("memory_fuser_kernel_size", default: 7, in: 1...31)
        try fields.require("memory_fuser_padding", fuserKernel / 2, default: 3)
        try fields.require("memory_fuser_hidden_act", "gelu", default: "gelu")
        fuserSize = try fields.integer("memory_fuser_intermediate_dim", default: 1024, in: sizes)
        hasOcclusionEmbedding = try fields.flag("enable_occlusion_spatial_embedding", default: true)
        hasPointerTimes = try fields.flag(
            "enable_temporal_pos_encoding_for_object_pointers",
            default: true
        )
        memories = try fields.integer("num_maskmem", default: 7, in: 1...64)
        pointers = try fields.integer("max_object_pointers_in_encoder", default: 16, in: 2...256)
        let frames = try fields.integer("max_cond_frame_num", default: -1, in: -1...1_000_000)
        conditioningFrames = frames < 1 ? nil : frames
        maskScale = try fields.number("sigmoid_scale_for_mem_enc", default: 20, in: -1e6...1e6)
        maskBias = try fields.number("sigmoid_bias_for_mem_enc", default: -10, in: -1e6...1e6)
        let least = try fields.integer("multimask_min_pt_num", default: 0, in: 0...1_000_000)
        let most = try fields.integer("multimask_max_pt_num", default: 1, in: 0...1_000_000)
        let isMultimask = try fields.flag("multimask_output_in_sam", default: true)
        multimaskPoints = isMultimask && least <= most ? least...most : nil
        multimaskForTracking = try fields.flag("multimask_output_for_tracking", default: true)
    }

    /// Newer files have the base inside an object.
    private static func theta(_ fields: ConfigurationFields) throws -> Double {
        let range = 1.0...1e12
        if let rope = try fields.object("rope_parameters") {
            try rope.require("rope_type", "axial", default: "axial")
            return try rope.number("rope_theta", default: 10_000, in: range)
        }
        return try fields.number("memory_attention_rope_theta", default: 10_000, in: range)
    }
}
