/// Convolution over the last axis, such as time.
package struct Conv1d {
    private let scope: Scope
    private let inputs: Int
    private let outputs: Int
    private let kernel: Int
    private let stride: Int
    private let padding: Int
    private let hasBias: Bool

    /// The layer whose `weight` and `bias` are at a place of the checkpoint.
    ///
    /// - Parameters:
    ///   - scope: the place.
    ///   - inputs: channels that go in.
    ///   - outputs: channels that come out.
    ///   - kernel: elements of the window.
    ///   - stride: steps of the window.
    ///   - padding: zeros on each side.
    ///   - hasBias: whether there is a `bias`.
    package init(
        _ scope: Scope,
        _ inputs: Int,
        _ outputs: Int,
        kernel: Int,
        stride: Int = 1,
        padding: Int = 0,
        hasBias: Bool = true
    ) {
        self.scope = scope
        self.inputs = inputs
        self.outputs = outputs
        self.kernel = kernel
        self.stride = stride
        self.padding = padding
        self.hasBias = hasBias
    }

    /// [batch, inputs, length] → [batch, outputs, shorter length].
    package func callAsFunction(_ x: Value) -> Value {
        x.convolvedAlongLast(
            with: scope.weight("weight", [outputs, inputs, kernel]),
            adding: hasBias ? scope.weight("bias", [outputs]) : nil,
            stride: stride,
            padding: padding
        )
    }
}

/// A long short-term memory whose tensors are those of PyTorch's `LSTMCell`: `weight_ih`,
/// `weight_hh`, `bias_ih` and `bias_hh`, with the gates in the order input, forget, cell, output.
package struct LSTMCell {
    private let scope: Scope
    private let inputs: Int
    private let width: Int

    /// The gates in ONNX's order, by their numbers in PyTorch's: input, output, forget, cell.
    private static let order = [0, 3, 1, 2]

    /// The layer whose tensors are at a place of the checkpoint.
    ///
    /// - Parameters:
    ///   - scope: the place.
    ///   - inputs: length of what goes into a step.
    ///   - width: length of what a step gives, and of the memory.
    package init(_ scope: Scope, _ inputs: Int, _ width: Int) {
        self.scope = scope
        self.inputs = inputs
        self.width = width
    }

    /// All steps at once.
    ///
    /// - Parameters:
    ///   - x: [steps, batch, inputs].
    ///   - hidden: [1, batch, width], what the step before the first has given.
    ///   - cell: [1, batch, width], the memory before the first step.
    /// - Returns: what each step gives, [steps, batch, width], and `hidden` and `cell` after the
    ///   last.
    package func callAsFunction(
        _ x: Value,
        hidden: Value,
        cell: Value
    ) -> (steps: Value, hidden: Value, cell: Value) {
        x.longShortTermMemory(
            weights: gates(["weight_ih"], columns: inputs, axes: [inputs]),
            recurrence: gates(["weight_hh"], columns: width, axes: [width]),
            bias: gates(["bias_ih", "bias_hh"], columns: 1, axes: []),
            hidden: hidden,
            cell: cell
        )
    }

    /// Tensors one behind the other, each with its gates in ONNX's order.
    private func gates(_ names: [String], columns: Int, axes: [Int]) -> Value {
        let length = width * columns
        let keys = names.map { (name: $0, shape: [4 * width] + axes) }
        let name = names.joined(separator: "+") + ".gates"
        return scope.computed(name, from: keys, shape: [1, names.count * 4 * width] + axes) {
            tensors in
            tensors.flatMap { tensor -> [Float] in
                // A graph that is made without weights has none to order.
                guard tensor.count == 4 * length else { return [] }
                return Self.order.flatMap { tensor[$0 * length..<($0 + 1) * length] }
            }
        }
    }
}
