extension Value {
    /// The same elements in the same order under other axes. At most one length may be a symbol.
    package func reshaped(_ target: Shape) -> Value {
        if isPoisoned { return self }
        if target == shape { return self }
        let unknown = target.dimensions.count { $0.count == nil }
        let fits =
            if let mine = shape.elementCount, let theirs = target.elementCount {
                mine == theirs
            } else {
                unknown == 1
            }
        guard fits else { return builder.diagnose("\(label) cannot be reshaped to \(target)") }
        let lengths = target.dimensions.map { $0.count ?? -1 }
        return builder.add("Reshape", [self, builder.constant(lengths)], shape: target)
    }

    /// The axes in another order: axis `order[i]` of this value becomes axis i.
    package func transposed(_ order: [Int]) -> Value {
        if isPoisoned { return self }
        guard order.sorted() == Array(0..<shape.rank) else {
            return builder.diagnose("\(label) cannot be transposed to \(order)")
        }
        return builder.add(
            "Transpose",
            [self],
            [("perm", .ints(order))],
            shape: Shape(order.map { shape[$0] })
        )
    }

    /// A part along one axis, whose length must be known.
    package func sliced(axis: Int, _ range: Range<Int>) -> Value {
        if isPoisoned { return self }
        guard axis < shape.rank, let count = shape[axis].count, range.lowerBound >= 0,
            range.upperBound <= count
        else { return builder.diagnose("\(label) has no part \(range) on axis \(axis)") }
        var result = shape
        result[axis] = .fixed(range.count)
        return builder.add(
            "Slice",
            [
                self, builder.constant([range.lowerBound]), builder.constant([range.upperBound]),
                builder.constant([axis]),
            ],
            shape: result
        )
    }

    /// Equal parts along an axis.
    package func split(axis: Int, into count: Int) -> [Value] {
        let whole = isPoisoned ? nil : shape[axis].count
        guard let whole, count > 0, whole % count == 0 else {
            let value =
                isPoisoned ? self : builder.diagnose("\(label) cannot be split in \(count)")
            return Array(repeating: value, count: max(0, count))
        }
        var part = shape
        part[axis] = .fixed(whole / count)
        return builder.add(
            "Split",
            [self],
            [("axis", .int(axis)), ("num_outputs", .int(count))],
            gives: Array(repeating: (type: type, shape: part), count: count)
        )
    }

    /// Values one after the other along an axis. Where a length along it is a symbol, that of the
    /// result is one too.
    package static func concatenated(_ values: [Value], axis: Int) -> Value {
        if let poisoned = values.first(where: \.isPoisoned) { return poisoned }
        let first = values[0]
        var result = first.shape
        for value in values {
            var other = value.shape
            other[axis] = result[axis]
            guard other.rank == result.rank, other == result else {
                return first.builder.diagnose("\(value.label) cannot be put after \(first.label)")
            }
        }
        let lengths = values.map { $0.shape[axis] }
        let counts = lengths.compactMap(\.count)
        result[axis] =
            counts.count == lengths.count
            ? .fixed(counts.reduce(0, +))
            : .symbol(lengths.map(\.description).joined(separator: "+"))
        return first.builder.add("Concat", values, [("axis", .int(axis))], shape: result)
    }

    /// Rows of a table by their numbers: the parts of the first axis that `indices` name.
    ///
    /// - Parameter indices: [count], whole numbers.
    /// - Returns: [count, ...].
    package func gathered(_ indices: Value) -> Value {
        if let poisoned = Value.poisoned(self, indices) { return poisoned }
        guard shape.rank > 0, indices.shape.rank == 1, indices.type == .int64 else {
            return builder.diagnose("\(label) has no rows \(indices.label)")
        }
        var result = shape
        result[0] = indices.shape[0]
        return builder.add("Gather", [self, indices], [("axis", .int(0))], shape: result)
    }

    /// The value several times, side by side along each axis.
    package func tiled(_ times: [Int]) -> Value {
        if isPoisoned { return self }
        guard let counts = shape.counts, counts.count == times.count else {
            return builder.diagnose("\(label) cannot be tiled")
        }
        return builder.add(
            "Tile",
            [self, builder.constant(times)],
            shape: Shape(zip(counts, times).map { $0 * $1 })
        )
    }

    /// Zeros behind the elements of each axis.
    ///
    /// - Parameter lengths: what the axes are extended to.
    /// - Returns: a value of these lengths.
    package func padded(to lengths: [Int]) -> Value {
        if isPoisoned { return self }
        if shape == Shape(lengths) { return self }
        guard let counts = shape.counts, counts.count == lengths.count,
            zip(counts, lengths).allSatisfy({ $0 <= $1 })
        else { return builder.diagnose("\(label) cannot be padded to \(lengths)") }
        let before = Array(repeating: 0, count: counts.count)
        let behind = zip(counts, lengths).map { $1 - $0 }
        return builder.add(
            "Pad",
            [self, builder.constant(before + behind)],
            [("mode", .text("constant"))],
            shape: Shape(lengths)
        )
    }
}

extension Value {
    /// How elements between the given ones are found.
    package enum Interpolation: Sendable {
        /// Linear on both axes; the corners' centres stay where they are (`align_corners`).
        case bilinearAlignedCorners
        /// Linear on both axes; the edges stay where they are.
        case bilinear
        /// Cubic convolution with a = −0.75; the edges stay where they are. (PyTorch's `bicubic`.)
        case bicubic
        /// The nearest element.
        case nearest
    }

    /// Rows and columns, the last two axes of four, interpolated to another size.
    package func resized(rows: Int, columns: Int, _ interpolation: Interpolation) -> Value {
        if isPoisoned { return self }
        guard shape.rank == 4, let counts = shape.counts else {
            return builder.diagnose("\(label) cannot be resized")
        }
        if counts[2] == rows, counts[3] == columns { return self }
        let how: [(String, Graph.Attribute)] =
            switch interpolation {
            case .bilinearAlignedCorners:
                [
                    ("mode", .text("linear")),
                    ("coordinate_transformation_mode", .text("align_corners")),
                ]
            case .bilinear:
                [
                    ("mode", .text("linear")),
                    ("coordinate_transformation_mode", .text("half_pixel")),
                ]
            case .bicubic:
                [
                    ("mode", .text("cubic")), ("cubic_coeff_a", .float(-0.75)),
                    ("coordinate_transformation_mode", .text("half_pixel")),
                ]
            case .nearest:
                [
                    ("mode", .text("nearest")), ("nearest_mode", .text("floor")),
                    ("coordinate_transformation_mode", .text("asymmetric")),
                ]
            }
        return builder.add(
            "Resize",
            [self, nil, nil, builder.constant([counts[0], counts[1], rows, columns])],
            how,
            shape: [shape[0], shape[1], .fixed(rows), .fixed(columns)]
        )
    }
}
