import NeuralGraph
import Weights

/// The vision transformer that encodes the frame.
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

/// Patches, a class token before them, and where they are.
struct Dinov2Embeddings {
    private let patchEmbeddings: Conv2d
    private let configuration: Dinov2Configuration
    private let scope: Scope

    init(_ scope: Scope, _ configuration: Dinov2Configuration) {
        self.scope = scope
        self.configuration = configuration
        patchEmbeddings = Conv2d(
            scope.patch_embeddings.projection,
            3,
            configuration.hiddenSize,
            kernel: configuration.patchSize,
            stride: configuration.patchSize
        )
    }

    /// [1, 3, rows, columns] → [1 + patches, channels].
    func callAsFunction(_ pixels: Value, _ grid: PatchGrid) -> Value {
        let width = configuration.hiddenSize
        // [1, C, rows, columns] → [patches, C]
        let patches = patchEmbeddings(pixels)
            .reshaped([.fixed(width), .fixed(grid.count)])
            .transposed([1, 0])
        let side = configuration.gridSize
        let positions = scope.weight("position_embeddings", [1, 1 + side * side, width])
        let classToken =
            scope.weight("cls_token", [1, 1, width]) + positions.sliced(axis: 1, 0..<1)
        return .concatenated(
            [
                classToken.reshaped([1, .fixed(width)]),
                patches + interpolated(positions, to: grid),
            ],
            axis: 0
        )
    }

    /// The embeddings of a square grid, [1, 1 + side², C], for the grid at hand: [patches, C].
    /// They depend on weights only, so they are computed when the model is loaded.
    private func interpolated(_ positions: Value, to grid: PatchGrid) -> Value {
        let width = Dimension.fixed(configuration.hiddenSize)
        let side = configuration.gridSize
        return positions.sliced(axis: 1, 1..<1 + side * side)
            .reshaped([1, .fixed(side), .fixed(side), width])
            .transposed([0, 3, 1, 2])
            .resized(rows: grid.rows, columns: grid.columns, .bicubic)
            .reshaped([width, .fixed(grid.count)])
            .transposed([1, 0])
    }
}

/// One block of the transformer.
struct Dinov2Layer {
    private let norm1: LayerNorm
    private let attention: Dinov2Attention
    private let layerScale1: LayerScale
    private let norm2: LayerNorm
    private let fc1: Linear
    private let fc2: Linear
    private let layerScale2: LayerScale

    init(_ scope: Scope, _ configuration: Dinov2Configuration) {
        let width = configuration.hiddenSize
        let epsilon = Float(configuration.layerNormEpsilon)
        norm1 = LayerNorm(scope.norm1, width, epsilon: epsilon)
        attention = Dinov2Attention(scope.attention, configuration)
        layerScale1 = LayerScale(scope.layer_scale1, width)
        norm2 = LayerNorm(scope.norm2, width, epsilon: epsilon)
        fc1 = Linear(scope.mlp.fc1, width, configuration.mlpSize)
        fc2 = Linear(scope.mlp.fc2, configuration.mlpSize, width)
        layerScale2 = LayerScale(scope.layer_scale2, width)
    }

    /// [tokens, channels] → the same.
    func callAsFunction(_ x: Value) -> Value {
        let h = x + layerScale1(attention(norm1(x)))
        return h + layerScale2(fc2(fc1(norm2(h)).gelu()))
    }
}

/// Attention of every token to every other.
struct Dinov2Attention {
    private let query: Linear
    private let key: Linear
    private let value: Linear
    private let dense: Linear
    private let heads: Int

    init(_ scope: Scope, _ configuration: Dinov2Configuration) {
        let width = configuration.hiddenSize
        let hasBias = configuration.hasQueryKeyValueBias
        query = Linear(scope.attention.query, width, width, hasBias: hasBias)
        key = Linear(scope.attention.key, width, width, hasBias: hasBias)
        value = Linear(scope.attention.value, width, width, hasBias: hasBias)
        dense = Linear(scope.output.dense, width, width)
        heads = configuration.heads
    }

    /// [tokens, channels] → the same.
    func callAsFunction(_ x: Value) -> Value {
        // One frame: [tokens, C] → [1, tokens, C].
        let batch = { (rows: Value) in rows.reshaped([1, x.shape[0], x.shape[1]]) }
        let mixed = Value.attention(
            queries: batch(query(x)),
            keys: batch(key(x)),
            values: batch(value(x)),
            heads: heads
        )
        return dense(mixed.reshaped(x.shape))
    }
}

/// One learned factor for each channel. (Touvron et al., "Going deeper with Image
/// Transformers", 2021.)
struct LayerScale {
    private let scope: Scope
    private let width: Int

    init(_ scope: Scope, _ width: Int) {
        self.scope = scope
        self.width = width
    }

    /// [tokens, channels] → the same.
    func callAsFunction(_ x: Value) -> Value { x * scope.weight("lambda1", [width]) }
}

/// After which layers of the backbone maps are tapped: by numbers (`out_indices`), by names
/// (`out_features`), or by both, which must then agree.
struct Dinov2Stages {
    /// Ascending numbers; 0 is what comes before the first layer.
    let indices: [Int]

    init(_ fields: ConfigurationFields, layers: Int) throws {
        let names = ["stem"] + (1...layers).map { "stage\($0)" }
        if let stages = try fields.texts("stage_names"), stages != names {
            throw fields.problem("stage_names", "are not stem and stage1 to stage\(layers)")
        }
        let byName = try fields.texts("out_features")?.map { name in
            guard let index = names.firstIndex(of: name) else {
                throw fields.problem("out_features", "names a stage that there is not")
            }
            return index
        }
        // Negative numbers count from the end.
        let byNumber = try fields.integers("out_indices", in: -names.count...layers)?.map {
            $0 < 0 ? $0 + names.count : $0
        }
        if let byName, let byNumber, byName != byNumber {
            throw fields.problem("out_features", "and 'out_indices' do not agree")
        }
        indices = byNumber ?? byName ?? [layers]
        guard zip(indices, indices.dropFirst()).allSatisfy({ $0 < $1 }) else {
            throw fields.problem(byNumber == nil ? "out_features" : "out_indices", "do not ascend")
        }
    }
}

/// The patches that a frame is divided into.
struct PatchGrid {
    /// Patches from top to bottom.
    let rows: Int
    /// Patches from left to right.
    let columns: Int
    /// Rows and columns of a patch, in pixels.
    let patchSize: Int

    /// Number of patches.
    var count: Int { rows * columns }
    /// Rows of the frame, in pixels.
    var height: Int { rows * patchSize }
    /// Columns of the frame, in pixels.
    var width: Int { columns * patchSize }
}
