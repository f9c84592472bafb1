import NeuralGraph

/// Turns the finest fused picture into depth.
struct DepthHead {
    private let conv1: Conv2d
    private let conv2: Conv2d
    private let conv3: Conv2d
    private let configuration: DepthAnythingConfiguration

    init(_ scope: Scope, _ configuration: DepthAnythingConfiguration) {
        self.configuration = configuration
        let channels = configuration.fusionHiddenSize
        conv1 = Conv2d(scope.conv1, channels, channels / 2, kernel: 3, padding: 1)
        conv2 = Conv2d(
            scope.conv2,
            channels / 2,
            configuration.headHiddenSize,
            kernel: 3,
            padding: 1
        )
        conv3 = Conv2d(scope.conv3, configuration.headHiddenSize, 1, kernel: 1)
    }

    /// [1, channels, rows, columns] → [1, 1, rows, columns of the picture].
    func callAsFunction(_ x: Value, _ grid: PatchGrid) -> Value {
        let h = conv1(x).resized(
            rows: grid.height,
            columns: grid.width,
            .bilinearAlignedCorners
        )
        let depth = conv3(conv2(h).relu())
        let bounded =
            switch configuration.depthKind {
            case .relative: depth.relu()
            case .metric: depth.sigmoid()
            }
        let scale = Float(configuration.maxDepth)
        return scale == 1 ? bounded : bounded * scale
    }
}
