import NeuralGraph
import Weights

/// TransNet V2 (https://github.com/soCzech/TransNetV2; Souček and Lokoč, arXiv:2008.04838): how
/// probable it is that a shot ends at a frame, for a window of 100 small frames.
///
/// Three stacks of convolutions over images and over time, at four distances; beside them, how similar
/// each frame is to 50 before it and 50 behind, by what the stacks make of them, and by colours.
package struct ShotGraph {
    /// Rows and columns of a frame.
    static let (rows, columns) = (27, 48)
    /// Frames of a window.
    static let window = 100
    /// Frames of it whose probabilities count: the others lack neighbours.
    static let kept = 25..<75
    /// Colours that a histogram tells apart.
    static let colours = 512

    /// Stacks, after each of which images have half as many rows and columns.
    private static let stacks = 3
    /// Distances in time.
    private static let dilations = [1, 2, 4, 8]
    /// How many frames before and behind are compared.
    private static let reach = 50
    /// What batch normalisation adds to the variance.
    private static let epsilon: Float = 1e-3

    private let weights: any WeightSource

    /// The model with these weights, or with their names and shapes alone.
    package init(weights: any WeightSource) { self.weights = weights }

    /// Takes `frames` [window, rows, columns, 3], 8-bit red, green, blue, and `histograms`
    /// [window, colours], how many pixels of a frame have each colour. Gives `cut` [window, 1], the
    /// probability that a frame is the last before a change, and `transition` [window, 1], that it
    /// belongs to one.
    ///
    /// - Throws: `EightCutError` of code `inputUnusable` when the weights are not those of the model.
    package func build() throws -> Graph {
        let parameters = Parameters(weights)
        let builder = GraphBuilder(parameters)
        let root = builder.root
        let frames = builder.input(
            "frames",
            .uint8,
            Shape([Self.window, Self.rows, Self.columns, 3])
        )
        let histograms = builder.input("histograms", .float32, Shape([Self.window, Self.colours]))

        // [1, channels, window, rows, columns].
        var x = frames.transposed([3, 0, 1, 2])
            .reshaped(Shape([1, 3, Self.window, Self.rows, Self.columns]))
            .cast(to: .float32)
        x = x / builder.constant([255], shape: [])
        var means: [Value] = []
        for number in 0..<Self.stacks {
            x = stack(x, root.SDDCNN[number].DDCNN)
            means.append(x.meansOfImages())
        }
        // [window, features].
        let channels = x.shape[1].count ?? 1
        let pixels = (x.shape[3].count ?? 1) * (x.shape[4].count ?? 1)
        let features = x.transposed([0, 2, 3, 4, 1])
            .reshaped([.fixed(Self.window), .fixed(pixels * channels)])
        let all = Value.concatenated(
            [
                similarities(histograms, root.color_hist_layer),
                similarities(projection(means, root.frame_sim_layer), root.frame_sim_layer),
                features,
            ],
            axis: 1
        )
        let width = rows(of: root.fc1, "weight")
        let last = Linear(root.fc1, all.shape[1].count ?? 1, width)(all).relu()
        builder.output("cut", Linear(root.cls_layer1, width, 1)(last).sigmoid())
        builder.output("transition", Linear(root.cls_layer2, width, 1)(last).sigmoid())
        let graph = try builder.finish()
        try parameters.checkAllUsed()
        return graph
    }

    /// The length of a tensor's first axis; 1 where it is missing, which the graph says then.
    private func rows(of scope: Scope, _ name: String) -> Int {
        max(1, weights.tensor(scope.tensorKey(name))?.shape.first ?? 1)
    }

    // MARK: - Convolutions

    /// Two cells, the first of which is added once more, and half as many rows and columns.
    private func stack(_ x: Value, _ scope: Scope) -> Value {
        let first = cell(x, scope[0]).relu()
        let second = cell(first, scope[1]).relu()
        return (second + first).meansOfSquares(2)
    }

    /// Convolutions over rows and columns, then over time at one of four distances; side by side,
    /// and normalised.
    ///
    /// - Returns: [1, 4 · filters, window, rows, columns].
    private func cell(_ x: Value, _ scope: Scope) -> Value {
        let inputs = x.shape[1].count ?? 1
        let filters = rows(of: scope.Conv3D_1.layers[1], "weight")
        scope.bn.leaveOut("num_batches_tracked")
        // All four at once, because they look at the same windows.
        let image = scope.computed(
            "images",
            from: Self.dilations.map {
                ("Conv3D_\($0).layers.0.weight", [2 * filters, inputs, 1, 3, 3])
            },
            shape: [8 * filters, inputs, 1, 3, 3]
        ) { $0.flatMap { $0 } }
        let images = x.convolvedInVolume(with: image, adding: nil, padding: [0, 1, 1])
            .split(axis: 1, into: Self.dilations.count)
        let series = Self.dilations.indices.map { branch in
            let (weight, bias) = normalized(scope, branch, filters)
            let distance = Self.dilations[branch]
            return images[branch].convolvedInVolume(
                with: weight,
                adding: bias,
                padding: [distance, 0, 0],
                dilation: [distance, 1, 1]
            )
        }
        return .concatenated(series, axis: 1)
    }

    /// The convolution over time of a branch and the normalisation of its channels, as one:
    /// s (W x − m) + b = (s W) x + (b − s m), where s is the scale by the deviation.
    private func normalized(_ scope: Scope, _ branch: Int, _ filters: Int) -> (Value, Value) {
        let all = [4 * filters]
        let statistics = [
            ("bn.weight", all), ("bn.bias", all), ("bn.running_mean", all), ("bn.running_var", all),
        ]
        let shape = [filters, 2 * filters, 3, 1, 1]
        let name = "Conv3D_\(Self.dilations[branch]).layers.1"
        let channels = branch * filters..<(branch + 1) * filters
        let scales = { @Sendable (tensors: [[Float]]) -> [Float] in
            channels.map { tensors[0][$0] / (tensors[3][$0] + Self.epsilon).squareRoot() }
        }
        let bias = scope.computed(name + ".bias", from: statistics, shape: [filters]) { tensors in
            // A graph that is made without weights has none.
            guard tensors.allSatisfy({ !$0.isEmpty }) else { return [Float]() }
            return zip(channels, scales(tensors)).map { tensors[1][$0] - $1 * tensors[2][$0] }
        }
        let weight = scope.computed(
            name + ".scaled",
            from: statistics + [(name + ".weight", shape)],
            shape: shape
        ) { tensors in
            guard tensors.allSatisfy({ !$0.isEmpty }) else { return [Float]() }
            let scales = scales(tensors)
            return tensors[4].enumerated().map { $1 * scales[$0 / (6 * filters)] }
        }
        return (weight, bias)
    }

    // MARK: - Similarities

    /// A row for each frame, from the means of all stacks' images.
    private func projection(_ means: [Value], _ scope: Scope) -> Value {
        let all = Value.concatenated(means, axis: 1)
        let width = all.shape[1].count ?? 1
        let rows = all.reshaped([.fixed(width), .fixed(Self.window)]).transposed([1, 0])
        return Linear(scope.projection, width, self.rows(of: scope.projection, "weight"))(rows)
    }

    /// The cosines of the angles between each row and its neighbours, through a layer.
    private func similarities(_ rows: Value, _ scope: Scope) -> Value {
        let unit = rows.normalizedRows()
        let cosines = unit.multiplied(by: unit.transposed([1, 0])).aroundDiagonal(Self.reach)
        let outputs = self.rows(of: scope.fc, "weight")
        return Linear(scope.fc, 2 * Self.reach + 1, outputs)(cosines).relu()
    }
}
