extension Value {
    /// Convolution over the last axis of three.
    ///
    /// - Parameters:
    ///   - weight: [outputs, inputs / groups, window].
    ///   - bias: [outputs], or nil.
    ///   - stride: steps of the window.
    ///   - padding: zeros on each side.
    ///   - ends: zeros before and behind, where they are not `padding`.
    ///   - groups: parts of the channels that do not mix.
    /// - Returns: [batch, outputs, shorter length], for [batch, inputs, length]. The length may be a
    ///   symbol where it stays the same.
    package func convolvedAlongLast(
        with weight: Value,
        adding bias: Value?,
        stride: Int = 1,
        padding: Int = 0,
        ends: (before: Int, behind: Int)? = nil,
        groups: Int = 1
    ) -> Value {
        if let poisoned = Value.poisoned(self, weight, bias) { return poisoned }
        let (before, behind) = ends ?? (padding, padding)
        guard shape.rank == 3, let kernel = weight.shape.counts, kernel.count == 3,
            shape[1].count == kernel[1] * groups, stride > 0,
            let length = Self.convolved(shape[2], before + behind, kernel[2], stride),
            bias.map({ $0.shape == Shape([kernel[0]]) }) ?? true
        else { return builder.diagnose("\(label) does not fit the convolution \(weight.label)") }
        return builder.add(
            "Conv",
            [self, weight, bias],
            [
                ("kernel_shape", .ints([kernel[2]])), ("strides", .ints([stride])),
                ("pads", .ints([before, behind])), ("group", .int(groups)),
            ],
            shape: [shape[0], .fixed(kernel[0]), length]
        )
    }

    /// The length of an axis after a convolution; nil where the window does not fit, or nobody
    /// knows.
    private static func convolved(
        _ length: Dimension,
        _ padding: Int,
        _ window: Int,
        _ stride: Int
    ) -> Dimension? {
        guard let count = length.count else {
            return stride == 1 && padding == window - 1 ? length : nil
        }
        return count + padding >= window ? .fixed((count + padding - window) / stride + 1) : nil
    }

    /// The last axis continued behind its end by its mirror image, without the last element again.
    /// (PyTorch's `reflect`.)
    ///
    /// - Parameter count: elements that are added; fewer than there are.
    /// - Returns: the same shape, but for the last axis.
    package func reflected(behind count: Int) -> Value {
        if isPoisoned { return self }
        guard let length = shape[-1].count, count >= 0, count < length else {
            return builder.diagnose("\(label) cannot be reflected by \(count)")
        }
        var result = shape
        result[-1] = .fixed(length + count)
        let before = Array(repeating: 0, count: shape.rank)
        let behind = Array(repeating: 0, count: shape.rank - 1) + [count]
        return builder.add(
            "Pad",
            [self, builder.constant(before + behind)],
            [("mode", .text("reflect"))],
            shape: result
        )
    }

    /// A long short-term memory, step after step. (Hochreiter and Schmidhuber, 1997; with gates to
    /// forget: Gers, Schmidhuber, Cummins, 2000; ONNX's `LSTM`.)
    ///
    /// - Parameters:
    ///   - weights: [1, 4 · width, inputs], for the steps; in ONNX's order of gates: input, output,
    ///     forget, cell.
    ///   - recurrence: [1, 4 · width, width], for what the step before has given.
    ///   - bias: [1, 8 · width], of both.
    ///   - hidden: [1, batch, width], what the step before the first has given.
    ///   - cell: [1, batch, width], the memory before the first step.
    /// - Returns: what each step gives, [steps, batch, width], for [steps, batch, inputs]; and
    ///   `hidden` and `cell` after the last.
    package func longShortTermMemory(
        weights: Value,
        recurrence: Value,
        bias: Value,
        hidden: Value,
        cell: Value
    ) -> (steps: Value, hidden: Value, cell: Value) {
        if let poisoned = Value.poisoned(self, weights, recurrence, bias, hidden, cell) {
            return (poisoned, poisoned, poisoned)
        }
        let width = recurrence.shape[2]
        let state: Shape = [1, shape[1], width]
        guard shape.rank == 3, let count = width.count, let inputs = shape[2].count,
            weights.shape == Shape([1, 4 * count, inputs]),
            recurrence.shape == Shape([1, 4 * count, count]),
            bias.shape == Shape([1, 8 * count]), hidden.shape == state, cell.shape == state
        else {
            let value = builder.diagnose("\(label) does not fit the memory \(recurrence.label)")
            return (value, value, value)
        }
        let results = builder.add(
            "LSTM",
            [self, weights, recurrence, bias, nil, hidden, cell],
            [("hidden_size", .int(count))],
            // ONNX has an axis of directions behind that of the steps.
            gives: [
                (type, [shape[0], 1, shape[1], width]), (type, state), (type, state),
            ]
        )
        return (results[0].reshaped([shape[0], shape[1], width]), results[1], results[2])
    }
}
