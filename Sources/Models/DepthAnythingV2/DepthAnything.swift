import NeuralGraph
import Weights

/// Depth Anything V2: a DINOv2 backbone and a DPT neck and head, as a graph for frames of one
/// size. (Yang et al., "Depth Anything V2", 2024; transformers'
/// models/depth_anything/modeling_depth_anything.py, which names the modules.)
package struct DepthAnything {
    /// The form of the input.
    package enum Input: Sendable {
        /// `frame`: [rows, columns, 3], 8-bit red, green, blue, already of the model's size.
        case frame(DepthImageProcessing)
        /// `pixel_values`: [1, 3, rows, columns], as the reference's image processor gives them.
        case pixelValues
    }

    private let configuration: DepthAnythingConfiguration
    private let weights: any WeightSource

    /// A model.
    ///
    /// - Parameters:
    ///   - configuration: what it looks like.
    ///   - weights: its tensors.
    package init(_ configuration: DepthAnythingConfiguration, weights: any WeightSource) {
        self.configuration = configuration
        self.weights = weights
    }

    /// Tensors that official checkpoints hold and the model does not use.
    private var unused: [String: String] {
        var unused = ["backbone.embeddings.mask_token": "serves training only"]
        for layer in ["convolution1", "convolution2"] {
            for name in ["weight", "bias"] {
                unused["neck.fusion_stage.layers.0.residual_layer1.\(layer).\(name)"] =
                    "the first fusion layer has nothing to add to"
            }
        }
        return unused
    }

    /// The graph for one size of frames. Its output `depth` is [rows, columns], float32.
    ///
    /// - Parameters:
    ///   - input: the form of the input.
    ///   - width: columns, a multiple of the patch's.
    ///   - height: rows, a multiple of the patch's.
    ///   - precision: the number format to compute in.
    ///   - stripBytes: how large a map at full size may be before the head works in strips, which
    ///     takes less memory; nil for no such limit.
    ///   - isProbed: whether the results of every part come out as well; their names are those
    ///     of the checkpoint's modules.
    /// - Returns: the graph.
    /// - Throws: `EightCutError` of code `inputUnusable` when tensors are missing, left over or
    ///   misshapen.
    package func graph(
        _ input: Input,
        width: Int,
        height: Int,
        precision: Precision = .float32,
        stripBytes: Int? = nil,
        isProbed: Bool = false
    ) throws -> Graph {
        let parameters = Parameters(weights)
        let builder = GraphBuilder(parameters, precision: precision, isProbed: isProbed)
        let grid = PatchGrid(
            rows: height / configuration.backbone.patchSize,
            columns: width / configuration.backbone.patchSize,
            patchSize: configuration.backbone.patchSize
        )
        let backbone = Dinov2Backbone(builder.root.backbone, configuration.backbone)
        let neck = DepthNeck(builder.root.neck, configuration)
        let head = DepthHead(builder.root.head, configuration)

        let pixels = pixelValues(input, builder, grid)
        let maps = backbone(pixels, grid)
        let fused = neck(maps, grid)
        let rowBytes = configuration.fusionHiddenSize / 2 * grid.width * MemoryLayout<Float>.size
        let depth = head(
            fused[configuration.headInIndex],
            grid,
            stripRows: stripBytes.map { max($0 / rowBytes, 1) }
        )
        builder.output(
            "depth",
            depth.reshaped([.fixed(grid.height), .fixed(grid.width)]).cast(to: .float32)
        )
        let graph = try builder.finish()
        try parameters.checkAllUsed(ignoring: unused)
        return graph
    }

    /// [1, 3, rows, columns] in the model's precision.
    private func pixelValues(_ input: Input, _ builder: GraphBuilder, _ grid: PatchGrid) -> Value {
        switch input {
        case .pixelValues:
            let shape = Shape([1, 3, grid.height, grid.width])
            return builder.input("pixel_values", .float32, shape).cast(to: builder.precision.type)
        case .frame(let processing):
            return builder.imageInput(
                rows: grid.height,
                columns: grid.width,
                factor: processing.rescaleFactor,
                mean: processing.mean,
                deviation: processing.deviation
            )
        }
    }
}
