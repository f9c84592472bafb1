import NeuralGraph

/// The backbone: a transformer whose tokens become fewer and wider from stage to stage.
/// (Ryali et al., "Hiera", 2023; transformers' `Sam2HieraDetModel`, whose names the modules bear.)
struct Hiera {
    private let scope: Scope
    private let configuration: HieraConfiguration
    /// Rows and columns of the finest tokens.
    private let side: Int
    private let patchEmbeddings: Conv2d
    private let stages: [[HieraBlock]]

    /// - Parameters:
    ///   - scope: where its tensors are.
    ///   - configuration: what it looks like.
    ///   - imageSize: rows and columns of the picture.
    init(_ scope: Scope, _ configuration: HieraConfiguration, imageSize: Int) {
        self.scope = scope
        side = imageSize / configuration.patchStride
        self.configuration = configuration
        patchEmbeddings = Conv2d(
            scope.patch_embed.projection,
            3,
            configuration.stages[0].width,
            kernel: configuration.patchKernel,
            stride: configuration.patchStride,
            padding: configuration.patchPadding
        )
        stages = Self.blocks(scope.blocks, configuration)
    }

    private static func blocks(
        _ scope: Scope,
        _ configuration: HieraConfiguration
    ) -> [[HieraBlock]] {
        var number = 0
        return configuration.stages.enumerated().map { index, stage in
            (0..<stage.blocks).map { block in
                // The first block of a stage still works on the tokens of the one before.
                let isFirst = block == 0 && index > 0
                let source = isFirst ? configuration.stages[index - 1] : stage
                defer { number += 1 }
                return HieraBlock(
                    scope[number],
                    source.width,
                    stage: stage,
                    window: configuration.globalBlocks.contains(number) ? nil : source.window,
                    isPooled: isFirst && index <= configuration.queryPoolStages,
                    configuration
                )
            }
        }
    }

    /// [1, 3, rows, columns] → the tokens at the end of each stage, from fine to coarse.
    func callAsFunction(_ pixels: Value) -> [TokenGrid] {
        var tokens = embeddings(pixels)
        var ends: [TokenGrid] = []
        for (index, stage) in stages.enumerated() {
            for block in stage { tokens = block(tokens) }
            ends.append(tokens)
            scope.builder.probe("stage.\(index)", tokens.arranged(.raster).value)
        }
        return ends
    }

    /// Patches with their positions, at once in the order of the first stage's windows.
    private func embeddings(_ pixels: Value) -> TokenGrid {
        // Sizes are those of the configuration, which are known after a mistake as well.
        let tokens = tokens(of: patchEmbeddings(pixels), side, side)
        let places = self.tokens(of: positions(side, side), side, side)
        return tokens.with(tokens.value + places.value)
    }

    /// First row by row, which is quick, and then whole tokens are moved: much quicker than both in
    /// one.
    private func tokens(of picture: Value, _ rows: Int, _ columns: Int) -> TokenGrid {
        let width = configuration.stages[0].width
        let window = configuration.stages[0].window
        let raster = TokenGrid(
            value: picture.reshaped(Shape([width, rows * columns])).transposed([1, 0]),
            rows: rows,
            columns: columns,
            order: .raster
        )
        return raster.fits(window) ? raster.arranged(.windows(window)) : raster
    }

    /// A coarse embedding for the whole picture and one that repeats in every window,
    /// [1, channels, rows, columns]. They depend on weights only, so they are computed when the
    /// model is loaded. (Bolya et al., "Window Attention is Bugged", 2023.)
    private func positions(_ rows: Int, _ columns: Int) -> Value {
        let width = configuration.stages[0].width
        let window = configuration.stages[0].window
        let size = configuration.backgroundSize
        let background = scope.weight("pos_embed", [1, width, size.rows, size.columns])
            .resized(rows: rows, columns: columns, .bicubic)
        let local = scope.weight("pos_embed_window", [1, width, window, window])
            .tiled([1, 1, rows / window, columns / window])
        return background + local
    }
}
