/// Convolution over rows and columns.
package struct Conv2d {
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
    ///   - kernel: rows and columns of the window.
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

    /// [batch, inputs, rows, columns] → [batch, outputs, rows, columns].
    package func callAsFunction(_ x: Value) -> Value {
        x.convolved(
            with: scope.weight("weight", [outputs, inputs, kernel, kernel]),
            adding: hasBias ? scope.weight("bias", [outputs]) : nil,
            stride: stride,
            padding: padding
        )
    }
}

/// Transposed convolution whose windows lie side by side, so that rows and columns become
/// `factor` times as many.
package struct ConvTranspose2d {
    private let scope: Scope
    private let channels: Int
    private let factor: Int

    /// The layer whose `weight` and `bias` are at a place of the checkpoint.
    package init(_ scope: Scope, _ channels: Int, factor: Int) {
        self.scope = scope
        self.channels = channels
        self.factor = factor
    }

    /// [batch, channels, rows, columns] → [batch, channels, factor · rows, factor · columns].
    package func callAsFunction(_ x: Value) -> Value {
        x.transposeConvolved(
            with: scope.weight("weight", [channels, channels, factor, factor]),
            adding: scope.weight("bias", [channels]),
            stride: factor
        )
    }
}
