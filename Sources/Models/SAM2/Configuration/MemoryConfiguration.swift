import Weights

/// The memory encoder and memory attention, and how the tracker uses them. Names and defaults are
/// those of `Sam2VideoConfig` and `EdgeTamVideoConfig` in transformers.
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
    /// What makes memories short: EdgeTAM's; nil for memories of all tokens of a frame.
    package let perceiver: PerceiverConfiguration?
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

    init(_ fields: ConfigurationFields, width: Int, isEdgeTAM: Bool) throws {
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
        layers = try fields.integer(
            "memory_attention_num_layers",
            default: isEdgeTAM ? 2 : 4,
            in: 1...64
        )
        try fields.require("memory_attention_num_attention_heads", 1, default: 1)
        try fields.require("memory_attention_downsample_rate", 1, default: 1)
        let perceptron = "memory_attention_" + (isEdgeTAM ? "mlp" : "feed_forward")
        try fields.require(perceptron + "_hidden_act", "relu", default: "relu")
        mlpSize = try fields.integer(perceptron + "_hidden_size", default: 2048, in: sizes)
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
        perceiver = isEdgeTAM ? try PerceiverConfiguration(fields, channels: channels) : nil
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
