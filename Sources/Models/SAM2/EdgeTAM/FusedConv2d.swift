import NeuralGraph

/// The sum of convolutions that are followed by a batch normalization each, and of the input itself
/// where it is added: one convolution, whose weights are worked out in double precision when the
/// model is loaded. (timm's `ConvNorm.fuse` and `RepVggDw.fuse`, models/repvit.py.)
struct FusedConv2d {
    /// One of the convolutions.
    struct Branch: Sendable {
        /// Where its tensors are: those of the convolution at `c`, of the normalization at `bn`.
        let path: [String]
        /// Rows and columns of its window.
        let kernel: Int

        /// - Parameters:
        ///   - name: its place; nil for that of all of it.
        ///   - kernel: rows and columns of its window, an odd number.
        init(_ name: String? = nil, kernel: Int) {
            path = name.map { [$0] } ?? []
            self.kernel = kernel
        }

        /// The key of a tensor, from the place of all of it.
        func key(_ name: String) -> String { (path + [name]).joined(separator: ".") }
    }

    private let scope: Scope
    /// The largest window is the first.
    private let branches: [Branch]
    private let folding: Folding
    private let stride: Int
    private let groups: Int

    /// - Parameters:
    ///   - scope: where the tensors are.
    ///   - branches: the convolutions, that of the largest window first.
    ///   - addsInput: whether the input itself is added, which needs as many groups as channels.
    ///   - inputs: channels that go in.
    ///   - outputs: channels that come out.
    ///   - stride: steps of the windows.
    ///   - groups: parts of the channels that do not mix.
    init(
        _ scope: Scope,
        branches: [Branch],
        addsInput: Bool = false,
        _ inputs: Int,
        _ outputs: Int,
        stride: Int = 1,
        groups: Int = 1
    ) {
        self.scope = scope
        self.branches = branches
        self.stride = stride
        self.groups = groups
        folding = Folding(
            kernels: branches.map(\.kernel),
            addsInput: addsInput,
            inputs: inputs / groups,
            outputs: outputs
        )
    }

    /// A single convolution with its normalization.
    init(
        _ scope: Scope,
        _ inputs: Int,
        _ outputs: Int,
        kernel: Int,
        stride: Int = 1,
        groups: Int = 1
    ) {
        let branch = Branch(kernel: kernel)
        self.init(scope, branches: [branch], inputs, outputs, stride: stride, groups: groups)
    }

    /// [batch, inputs, rows, columns] → [batch, outputs, rows / stride, columns / stride].
    func callAsFunction(_ x: Value) -> Value {
        let (inputs, outputs, kernel) = (folding.inputs, folding.outputs, branches[0].kernel)
        let keys = branches.flatMap { branch in
            [(branch.key("c.weight"), [outputs, inputs, branch.kernel, branch.kernel])]
                + Folding.normNames.map { (branch.key("bn." + $0), [outputs]) }
        }
        // How many frames the normalization was trained with says nothing here.
        for branch in branches { scope.leaveOut(branch.key("bn.num_batches_tracked")) }
        let weight = scope.computed(
            "fused.weight",
            from: keys,
            shape: [outputs, inputs, kernel, kernel]
        ) { [folding] in folding.weights($0) }
        let bias = scope.computed("fused.bias", from: keys, shape: [outputs]) { [folding] in
            folding.biases($0)
        }
        return x.convolved(
            with: weight,
            adding: bias,
            stride: stride,
            padding: kernel / 2,
            groups: groups
        )
    }
}

/// Works out the weights of the one convolution.
private struct Folding: Sendable {
    /// The tensors of a normalization, in the order in which they come behind a convolution's.
    static let normNames = ["weight", "bias", "running_mean", "running_var"]
    /// What a normalization adds to the variance: torch's default.
    private static let epsilon = 1e-5

    /// Rows and columns of the branches' windows; the first is the largest.
    let kernels: [Int]
    let addsInput: Bool
    /// Channels that a channel of the output sees.
    let inputs: Int
    let outputs: Int

    /// The weights, [outputs, inputs, kernel, kernel].
    ///
    /// - Parameter tensors: those of the branches, each with its normalization's.
    /// - Returns: the sum of the branches' weights, each window in the middle of the largest; empty
    ///   where only names and shapes are known.
    func weights(_ tensors: [[Float]]) -> [Float] {
        guard let first = tensors.first, !first.isEmpty else { return [] }
        let kernel = kernels[0]
        var sum = [Double](repeating: 0, count: outputs * inputs * kernel * kernel)
        for (branch, size) in kernels.enumerated() {
            let weights = tensors[branch * 5]
            let scales = scales(of: branch, tensors)
            let margin = (kernel - size) / 2
            for filter in 0..<outputs * inputs {
                let scale = scales[filter / inputs]
                for row in 0..<size {
                    for column in 0..<size {
                        let place = (filter * kernel + row + margin) * kernel + column + margin
                        sum[place] += scale * Double(weights[(filter * size + row) * size + column])
                    }
                }
            }
        }
        if addsInput {
            let middle = kernel * kernel / 2
            for filter in 0..<outputs { sum[filter * kernel * kernel + middle] += 1 }
        }
        return sum.map { Float($0) }
    }

    /// The biases, [outputs], of the same tensors.
    func biases(_ tensors: [[Float]]) -> [Float] {
        guard let first = tensors.first, !first.isEmpty else { return [] }
        var sum = [Double](repeating: 0, count: outputs)
        for branch in kernels.indices {
            let scales = scales(of: branch, tensors)
            let (biases, means) = (tensors[branch * 5 + 2], tensors[branch * 5 + 3])
            for output in 0..<outputs {
                sum[output] += Double(biases[output]) - Double(means[output]) * scales[output]
            }
        }
        return sum.map { Float($0) }
    }

    /// What a branch's outputs are multiplied with.
    private func scales(of branch: Int, _ tensors: [[Float]]) -> [Double] {
        zip(tensors[branch * 5 + 1], tensors[branch * 5 + 4]).map { weight, variance in
            Double(weight) / (Double(variance) + Self.epsilon).squareRoot()
        }
    }
}
