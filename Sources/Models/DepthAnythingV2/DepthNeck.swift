import NeuralGraph

/// Turns the tapped maps into pictures of several sizes and fuses them from coarse to fine.
/// (Ranftl, Bochkovskiy, Koltun, "Vision Transformers for Dense Prediction", 2021.)
struct DepthNeck {
    private let reassembleStage: [ReassembleLayer]
    private let convs: [Conv2d]
    private let fusionStage: [FusionLayer]
    private let scope: Scope

    init(_ scope: Scope, _ configuration: DepthAnythingConfiguration) {
        self.scope = scope
        let count = configuration.neckHiddenSizes.count
        reassembleStage = (0..<count).map { index in
            ReassembleLayer(
                scope.reassemble_stage.layers[index],
                configuration.backbone.hiddenSize,
                configuration.neckHiddenSizes[index],
                factor: configuration.reassembleFactors[index]
            )
        }
        convs = (0..<count).map { index in
            Conv2d(
                scope.convs[index],
                configuration.neckHiddenSizes[index],
                configuration.fusionHiddenSize,
                kernel: 3,
                padding: 1,
                hasBias: false
            )
        }
        fusionStage = (0..<count).map {
            FusionLayer(scope.fusion_stage.layers[$0], configuration.fusionHiddenSize)
        }
    }

    /// Maps of [1 + patches, channels] → pictures [1, fusion, rows, columns], coarse to fine.
    func callAsFunction(_ maps: [Value], _ grid: PatchGrid) -> [Value] {
        let builder = scope.builder
        var features: [Value] = []
        for (index, map) in maps.enumerated() {
            let picture = reassembleStage[index](map, grid)
            builder.probe("neck.reassemble_stage.layers.\(index)", picture)
            features.append(convs[index](picture))
            builder.probe("neck.convs.\(index)", features[index])
        }
        features.reverse()
        var fused: [Value] = []
        for (index, feature) in features.enumerated() {
            let finer = index + 1 < features.count ? features[index + 1].shape : nil
            fused.append(
                fusionStage[index](fused.last.map { ($0, feature) } ?? (feature, nil), size: finer)
            )
            builder.probe("neck.fusion_stage.layers.\(index)", fused[index])
        }
        return fused
    }
}
