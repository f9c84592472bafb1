import Diagnostics
import Files
import SystemPackage
import Weights

/// What the model looks like, SAM 2 or EdgeTAM, as `config.json` describes it. Names and defaults are
/// those of `Sam2VideoConfig` and `EdgeTamVideoConfig` in transformers
/// (models/sam2_video/configuration_sam2_video.py and
/// models/edgetam_video/configuration_edgetam_video.py), in the spellings of its versions 4.56 to 5.
package struct Sam2Configuration: Sendable, Equatable {
    /// The backbone of the image encoder, by which the two models differ.
    package enum Backbone: Sendable, Equatable {
        /// SAM 2's.
        case hiera(HieraConfiguration)
        /// EdgeTAM's.
        case repvit(RepViTConfiguration)

        /// Channels of the stages, from fine to coarse.
        var widths: [Int] {
            switch self {
            case .hiera(let hiera): hiera.stages.map(\.width)
            case .repvit(let repvit): repvit.stages.map(\.width)
            }
        }

        /// Pixels from one of the finest tokens to the next.
        var stride: Int {
            switch self {
            case .hiera(let hiera): hiera.patchStride
            case .repvit: RepViTConfiguration.stride
            }
        }
    }

    /// Rows and columns of the frames that the model takes, in pixels.
    package private(set) var imageSize: Int
    /// The image encoder.
    package let backbone: Backbone
    /// Channels of the features that all other parts work with.
    package let width: Int
    /// Levels of the pyramid, 0 the finest, to which the coarser one is added.
    package let topDownLevels: Set<Int>
    /// The prompt encoder and the mask decoder.
    package let decoder: MaskDecoderConfiguration
    /// The memory encoder and memory attention.
    package let memory: MemoryConfiguration

    package static let fileName = "config.json"
    /// Levels of the pyramid that are used.
    static let levels = 3
    private static let imageSizes = 64...4096

    /// Whether this is EdgeTAM.
    package var isEdgeTAM: Bool { if case .repvit = backbone { true } else { false } }
    /// Rows and columns of the features, from fine to coarse, in tokens.
    package var featureSizes: [Int] {
        (0..<Self.levels).map { (imageSize / backbone.stride) >> $0 }
    }
    /// Rows and columns of the coarsest features.
    package var featureSize: Int { featureSizes[Self.levels - 1] }
    /// Rows and columns of the masks that the decoder makes.
    package var maskSize: Int { featureSize * 4 }

    /// Reads the configuration of a checkpoint.
    ///
    /// - Parameter folder: the checkpoint's folder.
    /// - Returns: the configuration, consistent with itself.
    /// - Throws: `EightCutError`: `inputMissing` when there is no file, `inputUnusable` with the
    ///   field's name when something makes no sense or is not supported.
    package static func read(from folder: FilePath) throws -> Sam2Configuration {
        try Sam2Configuration(ConfigurationFields(folder.appending(fileName)))
    }

    private init(_ fields: ConfigurationFields) throws {
        let isEdgeTAM = try Self.isEdgeTAM(fields)
        imageSize = try fields.side("image_size", default: 1024, in: Self.imageSizes)
        guard let vision = try fields.object("vision_config") else {
            throw fields.problem("vision_config", "is missing")
        }
        guard let backboneFields = try vision.object("backbone_config") else {
            throw vision.problem("backbone_config", "is missing")
        }
        backbone =
            isEdgeTAM
            ? .repvit(try RepViTConfiguration(backboneFields))
            : .hiera(try HieraConfiguration(backboneFields))
        width = try vision.integer("fpn_hidden_size", default: 256, in: 8...4096)
        try vision.require("fpn_kernel_size", 1, default: 1)
        try vision.require("fpn_stride", 1, default: 1)
        try vision.require("fpn_padding", 0, default: 0)
        try vision.require("num_feature_levels", Self.levels, default: Self.levels)
        topDownLevels = Set(try vision.integers("fpn_top_down_levels", in: 0...3) ?? [2, 3])
        guard imageSize.isMultiple(of: backbone.stride * 8) else {
            throw fields.problem("image_size", "is no multiple of the coarsest token")
        }
        guard width.isMultiple(of: 8) else {
            throw vision.problem("fpn_hidden_size", "is no multiple of 8")
        }
        let channels = try vision.integers("backbone_channel_list", in: 1...16_384)
        let usual = isEdgeTAM ? [384, 192, 96, 48] : [768, 384, 192, 96]
        guard (channels ?? usual) == backbone.widths.reversed() else {
            throw vision.problem("backbone_channel_list", "are not those of the stages")
        }
        decoder = try MaskDecoderConfiguration(fields, imageSize: imageSize, width: width)
        memory = try MemoryConfiguration(fields, width: width, isEdgeTAM: isEdgeTAM)
        try checkSizes(fields, vision)
    }

    private static func isEdgeTAM(_ fields: ConfigurationFields) throws -> Bool {
        if try fields.text("model_type")?.isExactly("edgetam_video") ?? false { return true }
        try fields.require("model_type", "sam2_video", default: nil)
        return false
    }

    /// The same model for frames of another size. No tensor's shape depends on the size: the tables
    /// of positions are computed for it, as the reference computes them for an `image_size`.
    ///
    /// - Parameter side: rows and columns, in pixels.
    /// - Returns: the configuration.
    /// - Throws: `EightCutError` of code `usage` when tokens or windows do not tile such a frame.
    package func resized(to side: Int) throws -> Sam2Configuration {
        let unit = backbone.stride * tokenMultiple
        guard Self.imageSizes.contains(side), side.isMultiple(of: unit) else {
            throw EightCutError(
                .usage,
                "cannot use the model at the resolution",
                on: "\(side)",
                because: "the sides of its frames are multiples of \(unit) pixels, up to "
                    + "\(Self.imageSizes.upperBound)",
                remedy: "Choose another resolution."
            )
        }
        var resized = self
        resized.imageSize = side
        return resized
    }

    /// What the finest tokens of a line are a multiple of: two by two become one three times, and
    /// windows tile the finest tokens, or those that memories are made of.
    private var tokenMultiple: Int {
        let window =
            switch backbone {
            case .hiera(let hiera): hiera.stages[0].window
            case .repvit: 4 * (memory.perceiver?.windows ?? 1)
            }
        return (1...window).map { $0 * 8 }.first { $0.isMultiple(of: window) } ?? 8 * window
    }

    /// Sizes that the file repeats must be those that follow from the others.
    private func checkSizes(_ fields: ConfigurationFields, _ vision: ConfigurationFields) throws {
        if case .array(let sizes)? = vision.value("backbone_feature_sizes") {
            let own = featureSizes.map { size in [size, size] }
            let theirs = sizes.map { value in
                value.items?.compactMap(\.integer) ?? []
            }
            guard own == theirs else {
                throw vision.problem("backbone_feature_sizes", "do not follow from 'image_size'")
            }
        } else if featureSizes != [256, 128, 64] {
            throw vision.problem("backbone_feature_sizes", "is missing")
        }
        let rope = try fields.side("memory_attention_rope_feat_sizes", default: 64, in: 1...1024)
        guard rope == featureSize else {
            throw fields.problem(
                "memory_attention_rope_feat_sizes",
                "are not those of the features"
            )
        }
        guard decoder.patchSize * featureSize == imageSize else {
            throw fields.problem("prompt_encoder_config", "has another 'patch_size' than the model")
        }
        guard imageSize.isMultiple(of: backbone.stride * tokenMultiple) else {
            throw fields.problem("image_size", "is no multiple of the windows")
        }
    }
}
