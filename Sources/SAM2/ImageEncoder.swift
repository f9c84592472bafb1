import OnnxGraph

/// A frame → its features. It runs once for each frame, however many objects there are.
struct ImageEncoder {
    let configuration: Sam2Configuration

    /// Writes the graph down. Its outputs, row by row: `fine` [16 · tokens, width / 8] and
    /// `middle` [4 · tokens, width / 4] for the mask decoder, `features` [tokens, width] for
    /// memory, and `initial` [tokens, width], the features of a frame that nothing came before.
    func build(_ builder: GraphBuilder, _ input: Sam2Graphs.Input) {
        let root = builder.root
        let hiera = Hiera(
            root.vision_encoder.backbone,
            configuration.hiera,
            imageSize: configuration.imageSize
        )
        let pyramid = FeaturePyramid(root, configuration)
        let levels = pyramid(hiera(pixelValues(input, builder)))
        builder.output("fine", levels[0])
        builder.output("middle", levels[1])
        builder.output("features", levels[2])
        let width = configuration.width
        let nothing = root.weight("no_memory_embedding", [1, 1, width])
            .reshaped(Shape([1, width]))
        builder.output("initial", levels[2] + nothing)
    }

    /// [1, 3, rows, columns] in the model's precision.
    private func pixelValues(_ input: Sam2Graphs.Input, _ builder: GraphBuilder) -> Value {
        let size = configuration.imageSize
        switch input {
        case .pixelValues:
            return builder.input("pixel_values", .float32, Shape([1, 3, size, size]))
                .cast(to: builder.precision.type)
        case .frame(let processing):
            let frame = builder.input("frame", .uint8, Shape([size, size, 3]))
                .transposed([2, 0, 1])
                .reshaped(Shape([1, 3, size, size]))
                .cast(to: builder.precision.type)
            let scale = processing.deviation.map { Float(processing.rescaleFactor / $0) }
            let shift = zip(processing.mean, processing.deviation).map { Float(-$0 / $1) }
            return frame * builder.constant(scale, shape: [1, 3, 1, 1])
                + builder.constant(shift, shape: [1, 3, 1, 1])
        }
    }
}
