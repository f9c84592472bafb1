import Weights

/// What the backbone looks like: a DINOv2 vision transformer. Names and defaults are those of
/// `Dinov2Config` in transformers (models/dinov2/configuration_dinov2.py).
package struct Dinov2Configuration: Sendable, Equatable {
    /// Channels of every token.
    package let hiddenSize: Int
    /// Encoder layers.
    package let layers: Int
    /// Attention heads; divides `hiddenSize`.
    package let heads: Int
    /// Channels between the two linear layers of a block: `hiddenSize` times `mlp_ratio`.
    package let mlpSize: Int
    /// Side of the square pictures that the position embeddings were made for, in pixels.
    package let imageSize: Int
    /// Side of a patch, in pixels.
    package let patchSize: Int
    /// What the layer norms add to the variance.
    package let layerNormEpsilon: Double
    /// Whether the projections to query, key and value have a bias.
    package let hasQueryKeyValueBias: Bool
    /// Whether the tapped maps go through the last layer norm.
    package let appliesLayerNorm: Bool
    /// After which layers maps are tapped, ascending; 0 is what comes before the first.
    package let outIndices: [Int]

    /// Patches along one side of the picture that the position embeddings were made for.
    package var gridSize: Int { imageSize / patchSize }

    /// Channels of one head.
    package var headSize: Int { hiddenSize / heads }

    /// Reads the object `backbone_config`.
    ///
    /// - Throws: `EightCutError` that names the field which makes no sense or is not supported.
    init(_ fields: ConfigurationFields) throws {
        try Self.refuseWhatIsNotSupported(fields)
        let sizes = 1...16_384
        hiddenSize = try fields.integer("hidden_size", default: 768, in: sizes)
        layers = try fields.integer("num_hidden_layers", default: 12, in: 1...256)
        heads = try fields.integer("num_attention_heads", default: 12, in: sizes)
        guard hiddenSize.isMultiple(of: heads) else {
            throw fields.problem("num_attention_heads", "does not divide 'hidden_size'")
        }
        let ratio = try fields.number("mlp_ratio", default: 4, in: 0.01...64)
        mlpSize = Int(Double(hiddenSize) * ratio)
        guard mlpSize > 0 else { throw fields.problem("mlp_ratio", "is too small") }
        patchSize = try fields.side("patch_size", default: 14, in: 1...256)
        imageSize = try fields.side("image_size", default: 224, in: patchSize...sizes.upperBound)
        layerNormEpsilon = try fields.number("layer_norm_eps", default: 1e-6, in: 1e-15...1)
        hasQueryKeyValueBias = try fields.flag("qkv_bias", default: true)
        appliesLayerNorm = try fields.flag("apply_layernorm", default: true)
        outIndices = try Dinov2Stages(fields, layers: layers).indices
    }

    private static func refuseWhatIsNotSupported(_ fields: ConfigurationFields) throws {
        try fields.require("model_type", "dinov2", default: nil)
        try fields.require("hidden_act", "gelu", default: "gelu")
        guard try !fields.flag("use_swiglu_ffn", default: false) else {
            throw fields.problem("use_swiglu_ffn", "is true, which is not supported")
        }
        guard try !fields.flag("reshape_hidden_states", default: true) else {
            throw fields.problem("reshape_hidden_states", "is not false")
        }
        guard try fields.integer("num_channels", default: 3, in: 1...1024) == 3 else {
            throw fields.problem("num_channels", "is not 3")
        }
    }
}
