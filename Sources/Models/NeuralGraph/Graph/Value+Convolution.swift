extension Value {
    /// Convolution over the last two axes.
    ///
    /// - Parameters:
    ///   - weight: [outputs, inputs / groups, rows, columns].
    ///   - bias: [outputs], or nil.
    ///   - stride: steps of the window.
    ///   - padding: zeros on each side.
    ///   - groups: parts of the channels that do not mix.
    /// - Returns: [batch, outputs, rows, columns], for [batch, inputs, rows, columns].
    package func convolved(
        with weight: Value,
        adding bias: Value?,
        stride: Int = 1,
        padding: Int = 0,
        groups: Int = 1
    ) -> Value {
        if let poisoned = Value.poisoned(self, weight, bias) { return poisoned }
        guard shape.rank == 4, let kernel = weight.shape.counts, kernel.count == 4,
            shape[1].count == kernel[1] * groups, let rows = shape[2].count,
            let columns = shape[3].count, rows + 2 * padding >= kernel[2],
            columns + 2 * padding >= kernel[3]
        else { return builder.mistake("\(label) does not fit the convolution \(weight.label)") }
        let length = { (input: Int, window: Int) in (input + 2 * padding - window) / stride + 1 }
        return builder.add(
            "Conv",
            [self, weight, bias],
            [
                ("kernel_shape", .ints([kernel[2], kernel[3]])),
                ("strides", .ints([stride, stride])),
                ("pads", .ints([padding, padding, padding, padding])), ("group", .int(groups)),
            ],
            shape: [
                shape[0], .fixed(kernel[0]), .fixed(length(rows, kernel[2])),
                .fixed(length(columns, kernel[3])),
            ]
        )
    }

    /// Transposed convolution over the last two axes, without padding.
    ///
    /// - Parameters:
    ///   - weight: [inputs, outputs, rows, columns].
    ///   - bias: [outputs], or nil.
    ///   - stride: distance at which the windows are laid down.
    /// - Returns: [batch, outputs, rows, columns], for [batch, inputs, rows, columns].
    package func transposeConvolved(with weight: Value, adding bias: Value?, stride: Int) -> Value {
        if let poisoned = Value.poisoned(self, weight, bias) { return poisoned }
        guard shape.rank == 4, let kernel = weight.shape.counts, kernel.count == 4,
            shape[1].count == kernel[0], let rows = shape[2].count, let columns = shape[3].count
        else { return builder.mistake("\(label) does not fit the convolution \(weight.label)") }
        return builder.add(
            "ConvTranspose",
            [self, weight, bias],
            [
                ("kernel_shape", .ints([kernel[2], kernel[3]])),
                ("strides", .ints([stride, stride])),
            ],
            shape: [
                shape[0], .fixed(kernel[1]), .fixed((rows - 1) * stride + kernel[2]),
                .fixed((columns - 1) * stride + kernel[3]),
            ]
        )
    }
}
