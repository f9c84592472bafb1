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
    ///
    /// - Parameters:
    ///   - x: the map.
    ///   - rowPadding: zeros above and below, where they are not the layer's: for a part of a map.
    /// - Returns: the convolution.
    package func callAsFunction(_ x: Value, rowPadding: (top: Int, bottom: Int)? = nil) -> Value {
        x.convolved(
            with: scope.weight("weight", [outputs, inputs, kernel, kernel]),
            adding: hasBias ? scope.weight("bias", [outputs]) : nil,
            stride: stride,
            padding: padding,
            rowPadding: rowPadding
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

extension GraphBuilder {
    /// The input `frame`, [rows, columns, 3], 8-bit red, green, blue, as models take images: a
    /// sample `v` of 0…255 becomes `(v * factor - mean) / deviation`.
    ///
    /// - Parameters:
    ///   - rows: those of the image.
    ///   - columns: those of the image.
    ///   - factor: what samples are multiplied with.
    ///   - mean: what is taken away from red, green and blue.
    ///   - deviation: what they are divided by.
    /// - Returns: [1, 3, rows, columns] in the model's precision.
    package func imageInput(
        rows: Int,
        columns: Int,
        factor: Double,
        mean: [Double],
        deviation: [Double]
    ) -> Value {
        let frame = input("frame", .uint8, Shape([rows, columns, 3]))
            .transposed([2, 0, 1])
            .reshaped(Shape([1, 3, rows, columns]))
            .cast(to: precision.type)
        let scale = deviation.map { Float(factor / $0) }
        let shift = zip(mean, deviation).map { Float(-$0 / $1) }
        return frame * constant(scale, shape: [1, 3, 1, 1])
            + constant(shift, shape: [1, 3, 1, 1])
    }
}
