import NeuralGraph
import Weights

/// SAM 2 or EdgeTAM as graphs, one for each part, so that a part runs only when it is needed. (Ravi
/// et al., "SAM 2: Segment Anything in Images and Videos", 2024; Zhou et al., "EdgeTAM: On-Device
/// Track Anything Model", 2025; transformers' models/sam2_video/modeling_sam2_video.py and
/// models/edgetam_video/modeling_edgetam_video.py, which name the modules.)
package struct Sam2Graphs: Sendable {
    /// A frame → features. (`ImageEncoder`)
    package let imageEncoder: Graph
    /// Points and the corners of boxes → tokens. (`PromptEncoder`)
    package let pointEncoder: Graph
    /// A mask as the decoder makes them → features. (`PromptEncoder`)
    package let logitsEncoder: Graph
    /// A mask that the user gives → features. (`PromptEncoder`)
    package let maskEncoder: Graph
    /// No mask → features. (`PromptEncoder`)
    package let noMask: Graph
    /// Features and prompts → masks. (`MaskDecoder`)
    package let maskDecoder: Graph
    /// Features → features, before memories take part. (`MemoryAttention`)
    package let selfAttention: Graph
    /// What `selfAttention` gives and memories → features. (`MemoryAttention`)
    package let memoryAttention: Graph
    /// The same where older memories have fewer tokens; nil when all are whole.
    package let pooledAttention: Graph?
    /// Features and a mask → a memory. (`MemoryEncoder`)
    package let memoryEncoder: Graph

    /// Tensors that checkpoints may hold and the model does not use.
    private static let unused = [
        "no_memory_positional_encoding": "without memory there is nothing to attend to",
        "prompt_encoder.shared_embedding.positional_embedding": "the same as that of the image",
        "shared_image_embedding.positional_embedding": "the same as that of the prompts",
    ]

    /// Builds all graphs.
    ///
    /// - Parameters:
    ///   - configuration: what the model looks like.
    ///   - weights: its tensors.
    ///   - processing: how a frame, already of the model's size, becomes its input.
    ///   - precision: the number format to compute in.
    ///   - pooling: older memories have one token for squares of so many rows and columns.
    ///   - attention: how memory attention is computed.
    ///   - isProbed: whether the results of the backbone's stages come out as well.
    /// - Throws: `EightCutError` of code `inputUnusable` when tensors are missing, left over or
    ///   misshapen.
    package init(
        _ configuration: Sam2Configuration,
        weights: any WeightSource,
        processing: Sam2ImageProcessing,
        precision: Precision = .float32,
        pooling: Int = 1,
        attention: WideAttention = .chunks(of: 256),
        isProbed: Bool = false
    ) throws {
        let parameters = Parameters(weights)
        func graph(_ build: (GraphBuilder) -> Void) throws -> Graph {
            let builder = GraphBuilder(parameters, precision: precision, isProbed: isProbed)
            build(builder)
            return try builder.finish()
        }
        let prompts = PromptEncoder(configuration: configuration)
        let encoder = ImageEncoder(configuration: configuration)
        imageEncoder = try graph { encoder.build($0, processing) }
        pointEncoder = try graph { prompts.buildPoints($0) }
        logitsEncoder = try graph { prompts.buildMask($0, isObject: false) }
        maskEncoder = try graph { prompts.buildMask($0, isObject: true) }
        noMask = try graph { prompts.buildNoMask($0) }
        maskDecoder = try graph { MaskDecoder(configuration: configuration).build($0) }
        let memory = { (pooling: Int) in
            MemoryAttention(configuration: configuration, pooling: pooling, attention: attention)
        }
        selfAttention = try graph { memory(1).buildSelfAttention($0) }
        memoryAttention = try graph { memory(1).build($0) }
        pooledAttention = pooling > 1 ? try graph { memory(pooling).build($0) } : nil
        memoryEncoder = try graph { MemoryEncoder(configuration: configuration).build($0) }
        try parameters.checkAllUsed(ignoring: Self.unused)
    }
}
