import SystemPackage
import Weights

/// What the model looks like, as `config.json` describes it. Names and defaults are those of
/// `DepthAnythingConfig` in transformers (models/depth_anything/configuration_depth_anything.py),
/// in the spellings of its versions 4.45 to 5.
package struct DepthAnythingConfiguration: Sendable, Equatable {
    /// The unit of depth maps.
    package enum DepthKind: String, Sendable, CaseIterable {
        /// Inverse depth of unknown scale: larger is nearer.
        case relative
        /// Metres: larger is farther.
        case metric
    }

    /// The image encoder.
    package let backbone: Dinov2Configuration
    /// How much each tapped map is enlarged; what is below 1 makes it smaller, by a whole number.
    package let reassembleFactors: [Double]
    /// Channels of each tapped map after its projection; as many as `reassembleFactors`.
    package let neckHiddenSizes: [Int]
    /// Channels in the fusion layers.
    package let fusionHiddenSize: Int
    /// Which fused map the head takes, from 0.
    package let headInIndex: Int
    /// Channels between the last two convolutions.
    package let headHiddenSize: Int
    /// The unit of depth maps.
    package let depthKind: DepthKind
    /// What the last activation's output is multiplied with; for `metric`, the largest depth in
    /// metres.
    package let maxDepth: Double

    package static let fileName = "config.json"

    /// Reads the configuration of a checkpoint.
    ///
    /// - Parameter folder: the checkpoint's folder.
    /// - Returns: the configuration, consistent with itself.
    /// - Throws: `EightCutError`: `inputMissing` when there is no file, `inputUnusable` with the
    ///   field's name when something makes no sense or is not supported.
    package static func read(from folder: FilePath) throws -> DepthAnythingConfiguration {
        try DepthAnythingConfiguration(ConfigurationFields(folder.appending(fileName)))
    }

    private init(_ fields: ConfigurationFields) throws {
        try fields.require("model_type", "depth_anything", default: nil)
        try Self.refuseOtherBackbones(fields)
        guard let inner = try fields.object("backbone_config") else {
            throw fields.problem("backbone_config", "is missing")
        }
        backbone = try Dinov2Configuration(inner)
        let patchSize = try fields.side("patch_size", default: 14, in: 1...256)
        guard patchSize == backbone.patchSize else {
            throw fields.problem("patch_size", "is not that of the backbone")
        }
        let sizes = 1...16_384
        let width = try fields.integer("reassemble_hidden_size", default: 384, in: sizes)
        guard width == backbone.hiddenSize else {
            throw fields.problem("reassemble_hidden_size", "is not the backbone's 'hidden_size'")
        }
        reassembleFactors = try Self.factors(fields)
        let count = reassembleFactors.count
        let widths = try fields.integers("neck_hidden_sizes", in: sizes) ?? [48, 96, 192, 384]
        neckHiddenSizes = widths
        guard widths.count == count else {
            throw fields.problem("neck_hidden_sizes", "are not as many as 'reassemble_factors'")
        }
        guard backbone.outIndices.count == count else {
            throw inner.problem("out_indices", "are not as many as 'reassemble_factors'")
        }
        fusionHiddenSize = try fields.integer(
            "fusion_hidden_size",
            default: 64,
            in: 2...sizes.upperBound
        )
        let index = try fields.integer("head_in_index", default: -1, in: -count...(count - 1))
        headInIndex = index < 0 ? index + count : index
        headHiddenSize = try fields.integer("head_hidden_size", default: 32, in: sizes)
        depthKind = try Self.kind(fields)
        maxDepth = try fields.number("max_depth", default: 1, in: 1e-6...1e6)
    }

    /// The backbone can also be named, and then comes from somewhere else.
    private static func refuseOtherBackbones(_ fields: ConfigurationFields) throws {
        guard fields.value("backbone") == nil else {
            throw fields.problem("backbone", "is not supported; 'backbone_config' is")
        }
        guard try !fields.flag("use_timm_backbone", default: false) else {
            throw fields.problem("use_timm_backbone", "is true, which is not supported")
        }
    }

    private static func factors(_ fields: ConfigurationFields) throws -> [Double] {
        let factors = try fields.numbers("reassemble_factors", in: 1 / 16...16) ?? [4, 2, 1, 0.5]
        guard factors.count <= 16, factors.allSatisfy({ isWhole($0 < 1 ? 1 / $0 : $0) }) else {
            throw fields.problem("reassemble_factors", "are not whole numbers or parts of one")
        }
        return factors
    }

    private static func isWhole(_ number: Double) -> Bool { number == number.rounded() }

    private static func kind(_ fields: ConfigurationFields) throws -> DepthKind {
        let text = try fields.text("depth_estimation_type") ?? DepthKind.relative.rawValue
        guard let kind = DepthKind(rawValue: text) else {
            throw fields.problem("depth_estimation_type", "is neither relative nor metric")
        }
        return kind
    }
}

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
    /// Side of the square images that the position embeddings were made for, in pixels.
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

    /// Patches along one side of the image that the position embeddings were made for.
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
