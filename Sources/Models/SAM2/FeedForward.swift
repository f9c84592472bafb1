import NeuralGraph

/// Linear layers with an activation between them. (transformers' `Sam2VideoFeedForward`.)
struct FeedForward {
    enum Activation { case relu, gelu }

    private let layers: [Linear]
    private let activation: Activation

    /// - Parameters:
    ///   - scope: where its tensors are.
    ///   - widths: channels that go in, lie between the layers, and come out.
    ///   - activation: what comes between the layers.
    init(_ scope: Scope, _ widths: [Int], _ activation: Activation) {
        self.activation = activation
        let count = widths.count - 1
        layers = (0..<count).map { index in
            let place =
                index == 0
                ? scope.proj_in : index == count - 1 ? scope.proj_out : scope.layers[index - 1]
            return Linear(place, widths[index], widths[index + 1])
        }
    }

    /// [rows, inputs] → [rows, outputs].
    func callAsFunction(_ x: Value) -> Value {
        var h = x
        for (index, layer) in layers.enumerated() {
            h = layer(h)
            guard index + 1 < layers.count else { break }
            switch activation {
            case .relu: h = h.relu()
            case .gelu: h = h.gelu()
            }
        }
        return h
    }
}
