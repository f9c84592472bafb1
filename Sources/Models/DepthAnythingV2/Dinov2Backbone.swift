import NeuralGraph

/// The vision transformer that sees the picture.
/// (Oquab et al., "DINOv2", 2023; transformers' models/dinov2/modeling_dinov2.py.)
struct Dinov2Backbone {
    private let embeddings: Dinov2Embeddings
    private let layers: [Dinov2Layer]
    private let layerNorm: LayerNorm
    private let configuration: Dinov2Configuration
    private let scope: Scope

    init(_ scope: Scope, _ configuration: Dinov2Configuration) {
        self.scope = scope
        self.configuration = configuration
        embeddings = Dinov2Embeddings(scope.embeddings, configuration)
        layers = (0..<configuration.layers).map {
            Dinov2Layer(scope.encoder.layer[$0], configuration)
        }
        layerNorm = LayerNorm(
            scope.layernorm,
            configuration.hiddenSize,
            epsilon: Float(configuration.layerNormEpsilon)
        )
    }

    /// [1, 3, rows, columns] → for each tapped layer [1 + patches, channels].
    func callAsFunction(_ pixels: Value, _ grid: PatchGrid) -> [Value] {
        var h = embeddings(pixels, grid)
        scope.builder.probe("backbone.embeddings", h)
        var maps: [Value] = []
        for index in 0...configuration.layers {
            if index > 0 {
                h = layers[index - 1](h)
                scope.builder.probe("backbone.encoder.layer.\(index - 1)", h)
            }
            guard configuration.outIndices.contains(index) else { continue }
            // The last norm is applied to every map that is tapped, not only to the last one.
            let map = configuration.appliesLayerNorm ? layerNorm(h) : h
            scope.builder.probe("backbone.feature_maps.\(maps.count)", map)
            maps.append(map)
            // What comes after the last tap is not needed.
            if index == configuration.outIndices.last { break }
        }
        return maps
    }
}
