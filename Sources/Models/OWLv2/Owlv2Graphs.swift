import Glibc
import NeuralGraph
import Weights

/// OWLv2, an open-vocabulary detector, as two graphs: a text becomes a query, an image with queries
/// becomes a box, an objectness and a logit for each query at every patch.
/// (Minderer, Gritsenko, Houlsby, "Scaling Open-Vocabulary Object Detection", 2023; transformers'
/// models/owlv2/modeling_owlv2.py, which names the modules.)
package struct Owlv2Graphs {
    private let configuration: Owlv2Configuration
    private let weights: any WeightSource

    /// Added to lengths before rows are divided by them, as the reference does.
    private static let lengthEpsilon: Float = 1e-6

    package init(_ configuration: Owlv2Configuration, weights: any WeightSource) {
        self.configuration = configuration
        self.weights = weights
    }

    /// Tensors that official checkpoints hold and detection by text does not use.
    private static let unused = [
        "owlv2.logit_scale":
            "scales the similarity of whole images and texts, which is not asked for",
        "owlv2.visual_projection.weight": "projects whole images, which are not compared",
    ]

    /// Both graphs.
    ///
    /// - Parameters:
    ///   - precision: the number format to compute in.
    ///   - skipsPadding: whether `image` leaves tokens out. It then has one more input, `kept`
    ///     [tokens]: the numbers of the tokens that it looks at, ascending. 0 is the class token,
    ///     which must be the first of them; 1, 2, … are the patches, row by row. Its outputs have a
    ///     row for each of these tokens; that of the class token means nothing. The reference keeps
    ///     all tokens, so the others differ from its.
    /// - Returns: `text` with the inputs `ids` [tokens] and `positions` [tokens], 0, 1, 2, …, and
    ///   the output `query` [1, channels]; `image` with the inputs `pixel_values` [1, 3, side, side]
    ///   and `queries` [queries, channels] and the outputs `logits` [patches, queries], `boxes`
    ///   [patches, 4] (centre, width and height as parts of the side) and `objectness`
    ///   [patches, 1].
    /// - Throws: `EightCutError` of code `inputUnusable` when tensors are missing, left over or
    ///   misshapen.
    package func build(
        precision: Precision = .float32,
        skipsPadding: Bool = false
    ) throws -> (text: Graph, image: Graph) {
        let parameters = Parameters(weights)
        let text = GraphBuilder(parameters, precision: precision)
        buildText(text)
        let image = GraphBuilder(parameters, precision: precision)
        buildImage(image, skipsPadding: skipsPadding)
        let graphs = (text: try text.finish(), image: try image.finish())
        try parameters.checkAllUsed(ignoring: Self.unused)
        return graphs
    }

    // MARK: - Text

    private func buildText(_ builder: GraphBuilder) {
        let scope = builder.root.owlv2
        let embeddings = scope.text_model.embeddings
        let width = configuration.text.hiddenSize
        let ids = builder.input("ids", .int64, ["tokens"])
        let positions = builder.input("positions", .int64, ["tokens"])
        let tokens = embeddings.token_embedding
            .weight("weight", [configuration.vocabularySize, width]).gathered(ids)
        let places = embeddings.position_embedding
            .weight("weight", [configuration.textLength, width]).gathered(positions)
        let encoder = Owlv2Encoder(
            scope.text_model.encoder,
            configuration.text,
            isCausal: true
        )
        let norm = LayerNorm(
            scope.text_model.final_layer_norm,
            width,
            epsilon: configuration.text.layerNormEpsilon
        )
        // The last token is the end of the text, which alone has seen all of it.
        let pooled = norm(encoder(tokens + places)).gathered(builder.constant([-1]))
        let projection = Linear(
            scope.text_projection,
            width,
            configuration.projectionSize,
            hasBias: false
        )
        // The reference makes it a unit vector twice, the second time not quite.
        let query = projection(pooled).cast(to: .float32)
        let unit = query / query.lengths()
        builder.output("query", unit / Self.safeLengths(unit, builder))
    }

    // MARK: - Image

    private func buildImage(_ builder: GraphBuilder, skipsPadding: Bool) {
        let side = configuration.imageSize
        let pixels = builder.input("pixel_values", .float32, Shape([1, 3, side, side]))
            .cast(to: builder.precision.type)
        let queries = builder.input(
            "queries",
            .float32,
            ["queries", .fixed(configuration.projectionSize)]
        )
        let kept = skipsPadding ? builder.input("kept", .int64, ["tokens"]) : nil
        let features = features(pixels, kept, builder.root)
        builder.output("logits", logits(features, queries, builder.root.class_head))
        let boxes = predicted(features, outputs: 4, builder.root.box_head).cast(to: .float32)
        builder.output("boxes", (boxes + boxBias(kept, builder)).sigmoid())
        let objectness = predicted(features, outputs: 1, builder.root.objectness_head)
        builder.output("objectness", objectness.cast(to: .float32))
    }

    /// [1, 3, side, side] → [patches, channels], or with the numbers of tokens, [tokens, channels].
    private func features(_ pixels: Value, _ kept: Value?, _ root: Scope) -> Value {
        let scope = root.owlv2.vision_model
        let width = configuration.vision.hiddenSize
        let count = configuration.gridSize * configuration.gridSize
        let norm = { (scope: Scope) in
            LayerNorm(scope, width, epsilon: configuration.vision.layerNormEpsilon)
        }
        let patches = Conv2d(
            scope.embeddings.patch_embedding,
            3,
            width,
            kernel: configuration.patchSize,
            stride: configuration.patchSize,
            hasBias: false
        )
        // [1, C, rows, columns] → [patches, C]
        let tokens = patches(pixels).reshaped([.fixed(width), .fixed(count)]).transposed([1, 0])
        let classToken = scope.embeddings.weight("class_embedding", [width])
            .reshaped([1, .fixed(width)])
        let positions = scope.embeddings.position_embedding.weight("weight", [count + 1, width])
        let encoder = Owlv2Encoder(scope.encoder, configuration.vision, isCausal: false)
        let all = .concatenated([classToken, tokens], axis: 0) + positions
        // A token that is kept stays where it is in the image: it brings its own position.
        let h = norm(scope.pre_layernorm)(kept.map(all.gathered) ?? all)
        let seen = norm(scope.post_layernorm)(encoder(h))
        // The class token, which tells of the whole image, weighs the channels of all patches.
        let merged =
            if kept == nil {
                seen.sliced(axis: 0, 1..<count + 1) * seen.sliced(axis: 0, 0..<1)
            } else {
                seen * seen.gathered(root.builder.constant([0]))
            }
        return norm(root.layer_norm)(merged)
    }

    /// How well each patch fits each query: [patches, channels] → [patches, queries].
    private func logits(_ features: Value, _ queries: Value, _ scope: Scope) -> Value {
        let width = configuration.vision.hiddenSize
        let classes = Linear(scope.dense0, width, configuration.projectionSize)(features)
            .cast(to: .float32)
        let similarity = (classes / Self.safeLengths(classes, scope.builder))
            .multiplied(by: queries.transposed([1, 0]))
        let shift = Linear(scope.logit_shift, width, 1)(features).cast(to: .float32)
        let scale = Linear(scope.logit_scale, width, 1)(features).elu().cast(to: .float32)
        return (similarity + shift) * (scale + scope.builder.single([1]))
    }

    /// [patches, channels] → [patches, outputs].
    private func predicted(_ features: Value, outputs: Int, _ scope: Scope) -> Value {
        let width = configuration.vision.hiddenSize
        let h = Linear(scope.dense0, width, width)(features).gelu()
        return Linear(scope.dense2, width, outputs)(Linear(scope.dense1, width, width)(h).gelu())
    }

    /// Where each patch is and how large, as the inverse of the sigmoid function: [patches, 4], or
    /// with the numbers of tokens, [tokens, 4].
    private func boxBias(_ kept: Value?, _ builder: GraphBuilder) -> Value {
        let grid = configuration.gridSize
        let inverse = { (part: Float) in log(part + 1e-4) - log1p(1e-4 - part) }
        let place = (1...grid).map { inverse(Float($0) / Float(grid)) }
        let size = inverse(1 / Float(grid))
        let bias = (0..<grid * grid).flatMap { patch in
            [place[patch % grid], place[patch / grid], size, size]
        }
        guard let kept else { return builder.single(bias, shape: [grid * grid, 4]) }
        // The class token has no place.
        let ofTokens = builder.single([0, 0, 0, 0] + bias, shape: [grid * grid + 1, 4])
        return ofTokens.gathered(kept)
    }

    /// The lengths of rows, and a little, so that rows of zeros can be divided by them.
    private static func safeLengths(_ x: Value, _ builder: GraphBuilder) -> Value {
        x.lengths() + builder.single([lengthEpsilon])
    }
}
