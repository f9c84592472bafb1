extension Value {
    /// The same elements in the same order under other axes. At most one length may be a symbol.
    public func reshaped(_ target: Shape) -> Value {
        if isPoisoned { return self }
        if target == shape { return self }
        let unknown = target.dimensions.count { $0.count == nil }
        let fits =
            if let mine = shape.elementCount, let theirs = target.elementCount {
                mine == theirs
            } else {
                unknown == 1
            }
        guard fits else { return builder.mistake("\(label) cannot be reshaped to \(target)") }
        let lengths = target.dimensions.map { $0.count ?? -1 }
        return builder.add("Reshape", [self, builder.constant(lengths)], shape: target)
    }

    /// The axes in another order: axis `order[i]` of this value becomes axis i.
    public func transposed(_ order: [Int]) -> Value {
        if isPoisoned { return self }
        guard order.sorted() == Array(0..<shape.rank) else {
            return builder.mistake("\(label) cannot be transposed to \(order)")
        }
        return builder.add(
            "Transpose",
            [self],
            [("perm", .ints(order))],
            shape: Shape(order.map { shape[$0] })
        )
    }

    /// A part along one axis, whose length must be known.
    public func sliced(axis: Int, _ range: Range<Int>) -> Value {
        if isPoisoned { return self }
        guard axis < shape.rank, let count = shape[axis].count, range.lowerBound >= 0,
            range.upperBound <= count
        else { return builder.mistake("\(label) has no part \(range) on axis \(axis)") }
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
    public func split(axis: Int, into count: Int) -> [Value] {
        let whole = isPoisoned ? nil : shape[axis].count
        guard let whole, count > 0, whole % count == 0 else {
            let value =
                isPoisoned ? self : builder.mistake("\(label) cannot be split in \(count)")
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

    /// Values one after the other along an axis.
    public static func concatenated(_ values: [Value], axis: Int) -> Value {
        if let poisoned = values.first(where: \.isPoisoned) { return poisoned }
        let first = values[0]
        var result = first.shape
        var sum = 0
        for value in values {
            var other = value.shape
            guard other.rank == result.rank, let count = other[axis].count else {
                return first.builder.mistake("\(value.label) cannot be put after \(first.label)")
            }
            sum += count
            other[axis] = result[axis]
            guard other == result else {
                return first.builder.mistake("\(value.label) cannot be put after \(first.label)")
            }
        }
        result[axis] = .fixed(sum)
        return first.builder.add("Concat", values, [("axis", .int(axis))], shape: result)
    }
}
