import SystemPackage
import Weights

/// What the detector looks like, as `config.json` describes it. Published files leave out almost
/// all; names and defaults are those of `Owlv2Config` in transformers
/// (models/owlv2/configuration_owlv2.py).
package struct Owlv2Configuration: Sendable, Equatable {
    /// One of the two encoders.
    package struct Transformer: Sendable, Equatable {
        /// Channels of every token.
        package let hiddenSize: Int
        /// Channels between the two linear layers of a block.
        package let mlpSize: Int
        package let layers: Int
        /// Attention heads; divides `hiddenSize`.
        package let heads: Int
        /// What the layer norms add to the variance.
        package let layerNormEpsilon: Float
    }

    package let text: Transformer
    package let vision: Transformer
    /// Tokens that there are.
    package let vocabularySize: Int
    /// Tokens that a text may have, with start and end.
    package let textLength: Int
    /// Channels of a query.
    package let projectionSize: Int
    /// Side of the square image, in pixels.
    package let imageSize: Int
    /// Side of a patch, in pixels.
    package let patchSize: Int

    /// Patches along one side of the image.
    package var gridSize: Int { imageSize / patchSize }

    package static let fileName = "config.json"

    /// More patches than any published checkpoint has: 72 × 72.
    private static let mostPatches = 16_384

    /// Reads the configuration of a checkpoint.
    ///
    /// - Parameter folder: the checkpoint's folder.
    /// - Returns: the configuration, consistent with itself.
    /// - Throws: `EightCutError`: `inputMissing` when there is no file, `inputUnusable` with the
    ///   field's name when something makes no sense or is not supported.
    package static func read(from folder: FilePath) throws -> Owlv2Configuration {
        try Owlv2Configuration(ConfigurationFields(folder.appending(fileName)))
    }

    private init(_ fields: ConfigurationFields) throws {
        try fields.require("model_type", "owlv2", default: nil)
        let sizes = 1...16_384
        let text = try fields.object("text_config")
        let vision = try fields.object("vision_config")
        self.text = try Transformer(text, hidden: 512, mlp: 2048, heads: 8)
        self.vision = try Transformer(vision, hidden: 768, mlp: 3072, heads: 12)
        vocabularySize =
            try text?.integer("vocab_size", default: 49_408, in: 3...1_000_000)
            ?? 49_408
        textLength = try text?.integer("max_position_embeddings", default: 16, in: 2...1024) ?? 16
        projectionSize = try fields.integer("projection_dim", default: 512, in: sizes)
        guard projectionSize == self.text.hiddenSize else {
            throw fields.problem("projection_dim", "is not the 'hidden_size' of 'text_config'")
        }
        patchSize = try vision?.side("patch_size", default: 16, in: 1...256) ?? 16
        imageSize =
            try vision?.side("image_size", default: 768, in: patchSize...sizes.upperBound)
            ?? 768
        guard imageSize.isMultiple(of: patchSize), gridSize * gridSize <= Self.mostPatches else {
            throw (vision ?? fields).problem(
                "image_size",
                "is not a multiple of 'patch_size', or too large"
            )
        }
    }
}

extension Owlv2Configuration.Transformer {
    /// Reads the object of an encoder.
    ///
    /// - Parameters:
    ///   - fields: the object; nil if it is left out.
    ///   - hidden: the default of `hidden_size`.
    ///   - mlp: the default of `intermediate_size`.
    ///   - heads: the default of `num_attention_heads`.
    /// - Throws: `EightCutError` that names the field which makes no sense or is not supported.
    fileprivate init(
        _ fields: ConfigurationFields?,
        hidden: Int,
        mlp: Int,
        heads: Int
    ) throws {
        let sizes = 1...16_384
        hiddenSize = try fields?.integer("hidden_size", default: hidden, in: sizes) ?? hidden
        mlpSize = try fields?.integer("intermediate_size", default: mlp, in: sizes) ?? mlp
        layers = try fields?.integer("num_hidden_layers", default: 12, in: 1...256) ?? 12
        self.heads = try fields?.integer("num_attention_heads", default: heads, in: sizes) ?? heads
        layerNormEpsilon = Float(
            try fields?.number("layer_norm_eps", default: 1e-5, in: 1e-15...1) ?? 1e-5
        )
        try fields?.require("hidden_act", "quick_gelu", default: "quick_gelu")
        if let fields, !hiddenSize.isMultiple(of: self.heads) {
            throw fields.problem("num_attention_heads", "does not divide 'hidden_size'")
        }
    }
}
