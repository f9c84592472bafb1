import NeuralGraph

/// A frame → its features. It runs once for each frame, however many objects there are.
struct ImageEncoder {
    let configuration: Sam2Configuration

    /// Builds the graph. Its outputs, row by row: `fine` [16 · tokens, width / 8] and
    /// `middle` [4 · tokens, width / 4] for the mask decoder, `features` [tokens, width] for
    /// memory, and `initial` [tokens, width], the features of a frame that nothing came before.
    func build(_ builder: GraphBuilder, _ processing: Sam2ImageProcessing) {
        let root = builder.root
        let pyramid = FeaturePyramid(root, configuration)
        let pixels = builder.imageInput(
            rows: configuration.imageSize,
            columns: configuration.imageSize,
            factor: processing.rescaleFactor,
            mean: processing.mean,
            deviation: processing.deviation
        )
        let levels = pyramid(stages(root.vision_encoder.backbone, pixels))
        builder.output("fine", levels[0])
        builder.output("middle", levels[1])
        builder.output("features", levels[2])
        let width = configuration.width
        let nothing = root.weight("no_memory_embedding", [1, 1, width])
            .reshaped(Shape([1, width]))
        builder.output("initial", levels[2] + nothing)
    }

    /// The tokens at the end of each stage of the backbone, from fine to coarse.
    private func stages(_ scope: Scope, _ pixels: Value) -> [TokenGrid] {
        switch configuration.backbone {
        case .hiera(let hiera):
            Hiera(scope, hiera, imageSize: configuration.imageSize)(pixels)
        case .repvit(let repvit): RepViT(scope.timm_model, repvit)(pixels)
        }
    }
}
