import Weights

/// What makes EdgeTAM's memories short: the spatial perceiver. Names and defaults are those of
/// `EdgeTamVideoConfig` in transformers.
package struct PerceiverConfiguration: Sendable, Equatable {
    /// Latents that attend to the whole frame.
    package let latents: Int
    /// Rows and columns of the latents that attend to a window of the frame each.
    package let windows: Int
    /// Layers, each used for both kinds of latents.
    package let layers: Int
    /// Channels between the linear layers of a perceptron.
    package let mlpSize: Int

    /// Tokens of a memory.
    package var tokens: Int { latents + windows * windows }

    init(_ fields: ConfigurationFields, channels: Int) throws {
        latents = try fields.integer("perceiver_resampler_num_latents", default: 256, in: 1...4096)
        let count = try fields.integer(
            "perceiver_resampler_num_latents_2d",
            default: 256,
            in: 1...4096
        )
        let side = (1...64).first { $0 * $0 >= count } ?? 64
        guard side * side == count else {
            throw fields.problem("perceiver_resampler_num_latents_2d", "is no square")
        }
        windows = side
        let keys = try fields.side("memory_attention_rope_k_sizes", default: 16, in: 1...1024)
        guard keys == side else {
            throw fields.problem(
                "memory_attention_rope_k_sizes",
                "are not those of 'perceiver_resampler_num_latents_2d'"
            )
        }
        try fields.require("perceiver_resampler_hidden_size", channels, default: 64)
        // The reference transposes several heads twice.
        try fields.require("perceiver_resampler_num_attention_heads", 1, default: 1)
        try fields.require("perceiver_resampler_attention_head_dim", channels, default: 64)
        layers = try fields.integer("perceiver_resampler_num_layers", default: 2, in: 1...64)
        mlpSize = try fields.integer(
            "perceiver_resampler_mlp_intermediate_size",
            default: 256,
            in: 1...16_384
        )
    }
}
