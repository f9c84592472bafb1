import Weights

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
