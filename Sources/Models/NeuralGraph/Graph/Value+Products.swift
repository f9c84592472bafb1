extension Value {
    /// x Wᵀ + b for every row of x.
    ///
    /// - Parameters:
    ///   - weight: [outputs, inputs], as checkpoints hold it.
    ///   - bias: [outputs], or nil.
    /// - Returns: [rows, outputs], for this value's [rows, inputs].
    package func multiplied(byRowsOf weight: Value, adding bias: Value?) -> Value {
        if let poisoned = Value.poisoned(self, weight, bias) { return poisoned }
        guard shape.rank == 2, weight.shape.rank == 2, shape[1] == weight.shape[1],
            bias.map({ $0.shape == [weight.shape[0]] }) ?? true
        else {
            return builder.diagnose("\(label) does not fit the weights \(weight.label)")
        }
        return builder.add(
            "Gemm",
            [self, weight, bias],
            [("transB", .int(1))],
            shape: [shape[0], weight.shape[0]]
        )
    }

    /// The product of two matrices.
    ///
    /// - Parameter other: [inner, columns].
    /// - Returns: [rows, columns], for this value's [rows, inner].
    package func multiplied(by other: Value) -> Value {
        if let poisoned = Value.poisoned(self, other) { return poisoned }
        guard shape.rank == 2, other.shape.rank == 2, shape[1] == other.shape[0] else {
            return builder.diagnose("\(label) cannot be multiplied by \(other.label)")
        }
        return builder.add("MatMul", [self, other], shape: [shape[0], other.shape[1]])
    }

    /// Weighted sums of rows of each channel.
    ///
    /// - Parameter weights: [new rows, rows].
    /// - Returns: [batch, channels, new rows, columns], for [batch, channels, rows, columns].
    package func rowsMixed(by weights: Value) -> Value {
        if let poisoned = Value.poisoned(self, weights) { return poisoned }
        guard shape.rank == 4, weights.shape.rank == 2, weights.shape[1] == shape[2] else {
            return builder.diagnose("\(weights.label) cannot mix the rows of \(label)")
        }
        return builder.add(
            "MatMul",
            [weights, self],
            shape: [shape[0], shape[1], weights.shape[0], shape[3]]
        )
    }

    /// x W + b for every row of x, in 8-bit numbers: each of x's elements is rounded to one of 256
    /// levels that span the range of all of x, at run time.
    /// (ONNX Runtime's `DynamicQuantizeMatMul`.)
    ///
    /// - Parameters:
    ///   - weight: [inputs, outputs], 8-bit.
    ///   - scale: [outputs], what a step of the weight's is worth.
    ///   - bias: [outputs], or nil.
    /// - Returns: [rows, outputs], for this value's [rows, inputs].
    package func multipliedInBytes(by weight: Value, scale: Value, adding bias: Value?) -> Value {
        if let poisoned = Value.poisoned(self, weight, scale, bias) { return poisoned }
        guard shape.rank == 2, shape[1] == weight.shape[0], scale.shape == [weight.shape[1]] else {
            return builder.diagnose("\(label) does not fit the weights \(weight.label)")
        }
        return builder.add(
            "DynamicQuantizeMatMul",
            domain: Graph.microsoft,
            [self, weight, scale, nil, bias],
            shape: [shape[0], weight.shape[1]]
        )
    }

    /// Scaled dot-product attention of several heads: for each, softmax(Q Kᵀ / √d) V.
    /// (Vaswani et al., "Attention Is All You Need", 2017; ONNX Runtime's `MultiHeadAttention`,
    /// which never holds the whole matrix of weights.)
    ///
    /// - Parameters:
    ///   - queries: [batch, targets, heads · d].
    ///   - keys: [batch, sources, heads · d].
    ///   - values: [batch, sources, heads · e].
    ///   - heads: how many.
    ///   - scale: what products are multiplied with; 1 / √d unless given.
    ///   - isCausal: whether a target attends to no source behind it.
    /// - Returns: [batch, targets, heads · e].
    package static func attention(
        queries: Value,
        keys: Value,
        values: Value,
        heads: Int,
        scale: Float? = nil,
        isCausal: Bool = false
    ) -> Value {
        if let poisoned = poisoned(queries, keys, values) { return poisoned }
        guard queries.shape.rank == 3, keys.shape.rank == 3, values.shape.rank == 3,
            queries.shape[2] == keys.shape[2], keys.shape[1] == values.shape[1],
            let width = queries.shape[2].count, heads > 0, width % heads == 0
        else {
            return queries.builder.diagnose(
                "attention of \(queries.label) to \(keys.label) with \(values.label) does not fit"
            )
        }
        return queries.builder.add(
            "MultiHeadAttention",
            domain: Graph.microsoft,
            [queries, keys, values],
            [("num_heads", .int(heads))] + (scale.map { [("scale", .float($0))] } ?? [])
                + (isCausal ? [("unidirectional", .int(1))] : []),
            shape: [queries.shape[0], queries.shape[1], values.shape[2]]
        )
    }

    /// Scaled dot-product attention of one head, as plain products for a few queries at a time:
    /// softmax(Q Kᵀ · scale) V. For wide heads on a processor this is faster than the operator, which
    /// fits its tiles of keys into the cache and so makes them smaller, the wider the head.
    ///
    /// - Parameters:
    ///   - queries: [targets, d].
    ///   - keys: [sources, d].
    ///   - values: [sources, e].
    ///   - scale: what products are multiplied with.
    ///   - rows: how many queries at a time, at most; the weights of so many are held.
    /// - Returns: [targets, e].
    package static func attention(
        queries: Value,
        keys: Value,
        values: Value,
        scale: Float,
        inChunksOf rows: Int
    ) -> Value {
        if let poisoned = poisoned(queries, keys, values) { return poisoned }
        guard queries.shape.rank == 2, keys.shape.rank == 2, values.shape.rank == 2,
            queries.shape[1] == keys.shape[1], keys.shape[0] == values.shape[0],
            let targets = queries.shape[0].count, rows > 0
        else {
            return queries.builder.diagnose(
                "attention of \(queries.label) to \(keys.label) with \(values.label) does not fit"
            )
        }
        let chunks = stride(from: 0, to: targets, by: rows).map { start in
            let chunk = queries.sliced(axis: 0, start..<min(start + rows, targets))
            let products = queries.builder.add(
                "Gemm",
                [chunk, keys],
                [("transB", .int(1)), ("alpha", .float(scale))],
                shape: [chunk.shape[0], keys.shape[0]]
            )
            return products.softmax().multiplied(by: values)
        }
        return .concatenated(chunks, axis: 0)
    }

    /// The elements of each row, the last axis, as positive parts of one: exp(x) / Σ exp(x).
    package func softmax() -> Value {
        builder.add("Softmax", [self], [("axis", .int(-1))], shape: shape)
    }

    /// Rotary position embedding: rotates pairs of neighbouring channels by angles of their row.
    /// (Su et al., "RoFormer", 2021; ONNX Runtime's `RotaryEmbedding`.)
    ///
    /// - Parameters:
    ///   - cosines: [rows, channels / 2], of the angles.
    ///   - sines: [rows, channels / 2].
    /// - Returns: [batch, rows, channels], as this value.
    package func rotated(cosines: Value, sines: Value) -> Value {
        if let poisoned = Value.poisoned(self, cosines, sines) { return poisoned }
        guard shape.rank == 3, cosines.shape == sines.shape, cosines.shape.rank == 2,
            cosines.shape[0] == shape[1], let channels = shape[2].count,
            cosines.shape[1] == .fixed(channels / 2)
        else { return builder.diagnose("\(label) cannot be rotated by \(cosines.label)") }
        return builder.add(
            "RotaryEmbedding",
            domain: Graph.microsoft,
            [self, builder.constant([0]), cosines, sines],
            [("interleaved", .int(1)), ("num_heads", .int(1)), ("rotary_embedding_dim", .int(0))],
            shape: shape
        )
    }
}

extension Value {
    /// Convolution over the last two axes.
    ///
    /// - Parameters:
    ///   - weight: [outputs, inputs / groups, rows, columns].
    ///   - bias: [outputs], or nil.
    ///   - stride: steps of the window.
    ///   - padding: zeros on each side.
    ///   - rowPadding: zeros above and below, where they are not `padding`.
    ///   - groups: parts of the channels that do not mix.
    /// - Returns: [batch, outputs, rows, columns], for [batch, inputs, rows, columns].
    package func convolved(
        with weight: Value,
        adding bias: Value?,
        stride: Int = 1,
        padding: Int = 0,
        rowPadding: (top: Int, bottom: Int)? = nil,
        groups: Int = 1
    ) -> Value {
        let (top, bottom) = rowPadding ?? (padding, padding)
        if let poisoned = Value.poisoned(self, weight, bias) { return poisoned }
        guard shape.rank == 4, let kernel = weight.shape.counts, kernel.count == 4,
            shape[1].count == kernel[1] * groups, let rows = shape[2].count,
            let columns = shape[3].count, rows + top + bottom >= kernel[2],
            columns + 2 * padding >= kernel[3]
        else { return builder.diagnose("\(label) does not fit the convolution \(weight.label)") }
        let length = { (input: Int, window: Int) in (input - window) / stride + 1 }
        return builder.add(
            "Conv",
            [self, weight, bias],
            [
                ("kernel_shape", .ints([kernel[2], kernel[3]])),
                ("strides", .ints([stride, stride])),
                ("pads", .ints([top, padding, bottom, padding])), ("group", .int(groups)),
            ],
            shape: [
                shape[0], .fixed(kernel[0]), .fixed(length(rows + top + bottom, kernel[2])),
                .fixed(length(columns + 2 * padding, kernel[3])),
            ]
        )
    }

    /// The mean of each channel over the last two axes. First of each row, then of these means: a
    /// single sum in 32 bits over many pixels, such as that of `GlobalAveragePool`, is off by 40 times
    /// as much, and slower.
    ///
    /// - Returns: [batch, channels, 1, 1], for [batch, channels, rows, columns].
    package func averaged() -> Value {
        if isPoisoned { return self }
        guard shape.rank == 4 else { return builder.diagnose("\(label) has no rows and columns") }
        return averaged(axis: 3).averaged(axis: 2)
    }

    /// The mean along an axis, whose length becomes 1.
    private func averaged(axis: Int) -> Value {
        var result = shape
        result[axis] = 1
        return builder.add("ReduceMean", [self, builder.constant([axis])], shape: result)
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
        else { return builder.diagnose("\(label) does not fit the convolution \(weight.label)") }
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
