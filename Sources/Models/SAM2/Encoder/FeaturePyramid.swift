import NeuralGraph

/// Brings the tokens of all stages to one width, and adds coarse ones to finer ones. What only the
/// mask decoder needs goes through its first projection here already, once for each frame.
/// (transformers' `Sam2VisionNeck`, and `conv_s0` and `conv_s1` of `Sam2VideoMaskDecoder`.)
struct FeaturePyramid {
    private let neck: Scope
    private let decoder: Scope
    private let configuration: Sam2Configuration

    init(_ root: Scope, _ configuration: Sam2Configuration) {
        neck = root.vision_encoder.neck
        decoder = root.mask_decoder
        self.configuration = configuration
    }

    /// Tokens of the four stages → features of three levels from fine to coarse, row by row:
    /// [rows · columns, channels / 8], [.., channels / 4], [.., channels].
    func callAsFunction(_ stages: [TokenGrid]) -> [Value] {
        let width = configuration.width
        var levels: [TokenGrid] = []
        for level in stride(from: stages.count - 1, through: 2, by: -1) {
            let lateral = stages[level].arranged(.raster)
            let own = lateral.with(projection(stages, level)(lateral.value))
            levels.insert(isAdded(level) ? sum(own, levels[0]) : own, at: 0)
        }
        return [
            projected(stages, 0, coarser: levels[0], decoder.conv_s0, width / 8),
            projected(stages, 1, coarser: levels[0], decoder.conv_s1, width / 4),
            levels[0].value,
        ]
    }

    private func isAdded(_ level: Int) -> Bool {
        level < 3 && configuration.topDownLevels.contains(level)
    }

    private func projection(_ stages: [TokenGrid], _ level: Int) -> PointwiseConv2d {
        let width = configuration.backbone.widths[level]
        return PointwiseConv2d(neck.convs[stages.count - 1 - level], width, configuration.width)
    }

    /// The sum of a level and the next coarser one, each of whose tokens stands for four.
    private func sum(_ finer: TokenGrid, _ coarser: TokenGrid) -> TokenGrid {
        let (rows, columns) = (coarser.rows, coarser.columns)
        let channels = configuration.width
        let parts =
            finer.value.reshaped(Shape([rows, 2, columns, 2, channels]))
            + coarser.value.reshaped(Shape([rows, 1, columns, 1, channels]))
        return finer.with(parts.reshaped(Shape([finer.count, channels])))
    }

    /// A fine level as the mask decoder takes it. Nothing lies between both projections, so they
    /// are one, with an eighth or a quarter of the work.
    private func projected(
        _ stages: [TokenGrid],
        _ level: Int,
        coarser: TokenGrid,
        _ place: Scope,
        _ outputs: Int
    ) -> Value {
        guard configuration.topDownLevels.isDisjoint(with: [0, 1]) else {
            return decoder.builder.diagnose(
                "'fpn_top_down_levels' with the levels 0 or 1 is not supported"
            )
        }
        let inputs = configuration.backbone.widths[level]
        let both = ProjectionPair(
            first: neck.convs[stages.count - 1 - level],
            second: place,
            widths: (inputs, configuration.width, outputs)
        )
        let tokens = stages[level]
        return tokens.with(both(tokens.value)).arranged(.raster).value
    }
}
