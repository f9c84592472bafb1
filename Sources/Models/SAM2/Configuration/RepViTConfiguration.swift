import Weights

/// What EdgeTAM's backbone looks like: RepViT, as timm makes it (timm/models/repvit.py). The names
/// are those of `TimmWrapperConfig` in transformers.
package struct RepViTConfiguration: Sendable, Equatable {
    /// One stage: blocks that work at the same resolution.
    package struct Stage: Sendable, Equatable {
        /// Channels.
        package let width: Int
        /// Blocks behind the one that makes rows and columns half as many.
        package let blocks: Int
    }

    /// The stages, from fine to coarse.
    package let stages: [Stage]

    /// Pixels from one of the finest tokens to the next: the stem halves twice.
    static let stride = 4

    /// Reads the object `backbone_config`.
    ///
    /// - Throws: `EightCutError` that names the field which makes no sense or is not supported.
    init(_ fields: ConfigurationFields) throws {
        try fields.require("model_type", "timm_wrapper", default: nil)
        try fields.require("architecture", "repvit_m1", default: nil)
        guard let arguments = try fields.object("model_args") else {
            throw fields.problem("model_args", "is missing")
        }
        try arguments.require("in_chans", 3, default: 3)
        guard try arguments.flag("features_only", default: false) else {
            throw arguments.problem("features_only", "is not true")
        }
        let outputs = try arguments.integers("out_indices", in: 0...16) ?? [0, 1, 2, 3]
        guard outputs == [0, 1, 2, 3] else {
            throw arguments.problem("out_indices", "are not those of the four stages")
        }
        // Small models have others than `repvit_m1`.
        let widths = try arguments.integers("embed_dim", in: 4...4096) ?? [48, 96, 192, 384]
        let depths = try arguments.integers("depth", in: 1...256) ?? [2, 2, 14, 2]
        guard widths.count == 4, depths.count == 4, widths[0].isMultiple(of: 2) else {
            throw arguments.problem("embed_dim", "and 'depth' are not 4 numbers each")
        }
        stages = zip(widths, depths).map { Stage(width: $0, blocks: $1) }
    }
}
