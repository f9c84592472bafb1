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
        try fields.require("num_query_pool_stages", stages.count - 1, default: 3)
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
