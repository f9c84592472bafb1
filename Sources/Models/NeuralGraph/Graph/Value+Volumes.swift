extension Value {
    /// Convolution over the last three axes, in steps of one.
    ///
    /// - Parameters:
    ///   - weight: [outputs, inputs, depth, rows, columns].
    ///   - bias: [outputs], or nil.
    ///   - padding: zeros on both sides of each of the three axes.
    ///   - dilation: distance of the window's elements along each of them.
    /// - Returns: [batch, outputs, depth, rows, columns], for [batch, inputs, depth, rows, columns].
    package func convolvedInVolume(
        with weight: Value,
        adding bias: Value?,
        padding: [Int],
        dilation: [Int] = [1, 1, 1]
    ) -> Value {
        if let poisoned = Value.poisoned(self, weight, bias) { return poisoned }
        guard shape.rank == 5, let kernel = weight.shape.counts, kernel.count == 5,
            shape[1].count == kernel[1], padding.count == 3, dilation.count == 3,
            bias.map({ $0.shape == Shape([kernel[0]]) }) ?? true
        else { return builder.diagnose("\(label) does not fit the convolution \(weight.label)") }
        var result = shape
        result[1] = .fixed(kernel[0])
        for axis in 0..<3 {
            let window = (kernel[2 + axis] - 1) * dilation[axis] + 1
            guard let length = shape[2 + axis].count, length + 2 * padding[axis] >= window else {
                return builder.diagnose("\(label) is too short for \(weight.label)")
            }
            result[2 + axis] = .fixed(length + 2 * padding[axis] - window + 1)
        }
        return builder.add(
            "Conv",
            [self, weight, bias],
            [
                ("kernel_shape", .ints(Array(kernel[2...]))), ("dilations", .ints(dilation)),
                ("pads", .ints(padding + padding)),
            ],
            shape: result
        )
    }

    /// Means of squares that lie side by side on the last two axes of five. What is left over at their
    /// ends counts for nothing.
    ///
    /// - Parameter side: rows and columns of a square.
    /// - Returns: [batch, channels, depth, rows / side, columns / side].
    package func meansOfSquares(_ side: Int) -> Value {
        if isPoisoned { return self }
        guard shape.rank == 5, side > 0, let rows = shape[3].count, let columns = shape[4].count,
            rows >= side, columns >= side
        else { return builder.diagnose("\(label) has no squares of \(side)") }
        var result = shape
        (result[3], result[4]) = (.fixed(rows / side), .fixed(columns / side))
        return builder.add(
            "AveragePool",
            [self],
            [("kernel_shape", .ints([1, side, side])), ("strides", .ints([1, side, side]))],
            shape: result
        )
    }

    /// The mean of each channel over the last two axes of five.
    ///
    /// - Returns: [batch, channels, depth].
    package func meansOfImages() -> Value {
        if isPoisoned { return self }
        guard shape.rank == 5 else { return builder.diagnose("\(label) has no images") }
        return builder.add(
            "ReduceMean",
            [self, builder.constant([3, 4])],
            [("keepdims", .int(0))],
            shape: Shape(Array(shape.dimensions.prefix(3)))
        )
    }

    /// Each row, the last axis, divided by its Euclidean length, or by a very small number where
    /// that is less. (PyTorch's `normalize`.)
    package func normalizedRows() -> Value {
        if isPoisoned { return self }
        let least = builder.constant([1e-12], shape: Array(repeating: 1, count: shape.rank))
        return self / .maximum(lengths(), least)
    }

    /// The elements around the diagonal of a square matrix: in row r of the result are those of row r
    /// from column r − reach to r + reach, and zeros beside the matrix.
    ///
    /// - Parameter reach: how far to look on both sides.
    /// - Returns: [rows, 2 · reach + 1].
    package func aroundDiagonal(_ reach: Int) -> Value {
        if isPoisoned { return self }
        guard shape.rank == 2, let rows = shape[0].count, shape[1].count == rows, reach >= 0 else {
            return builder.diagnose("\(label) has no diagonal")
        }
        let zeros = builder.constant(
            [Float](repeating: 0, count: rows * reach),
            shape: [rows, reach]
        )
        // Rows that are one element longer begin one element further on each.
        let width = rows + 2 * reach
        return Value.concatenated([zeros, self, zeros], axis: 1)
            .reshaped([.fixed(rows * width)])
            .padded(to: [rows * (width + 1)])
            .reshaped([.fixed(rows), .fixed(width + 1)])
            .sliced(axis: 1, 0..<2 * reach + 1)
    }
}
