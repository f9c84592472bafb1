/// The length of one axis: known while the graph is built, or only when it runs.
package enum Dimension: Sendable, Equatable {
    /// So many elements.
    case fixed(Int)
    /// A length that each run decides; equal names mean equal lengths.
    case symbol(String)

    /// The length where it is known.
    package var count: Int? {
        if case .fixed(let count) = self { count } else { nil }
    }
}

extension Dimension: ExpressibleByIntegerLiteral, ExpressibleByStringLiteral {
    /// A known length.
    package init(integerLiteral value: Int) { self = .fixed(value) }
    /// A named length.
    package init(stringLiteral value: String) { self = .symbol(value) }
}

extension Dimension: CustomStringConvertible {
    /// The length, or its name.
    package var description: String {
        switch self {
        case .fixed(let count): "\(count)"
        case .symbol(let name): name
        }
    }
}

/// The lengths of a tensor's axes, outermost first.
package struct Shape: Sendable, Equatable {
    /// One for each axis.
    package var dimensions: [Dimension]

    /// A shape of these lengths.
    package init(_ dimensions: [Dimension]) { self.dimensions = dimensions }

    /// A shape of known lengths.
    package init(_ counts: [Int]) { dimensions = counts.map(Dimension.fixed) }

    package var rank: Int { dimensions.count }

    /// The lengths, where all are known.
    package var counts: [Int]? {
        let known = dimensions.compactMap(\.count)
        return known.count == rank ? known : nil
    }

    /// Number of elements, where all lengths are known.
    package var elementCount: Int? { counts.map { $0.reduce(1, *) } }

    /// The length of an axis; negative numbers count from the end. An axis that there is not has a
    /// length that is not known, so that model code continues after an error.
    package subscript(axis: Int) -> Dimension {
        get {
            let index = axis < 0 ? axis + rank : axis
            return dimensions.indices.contains(index) ? dimensions[index] : .symbol("?")
        }
        set {
            let index = axis < 0 ? axis + rank : axis
            if dimensions.indices.contains(index) { dimensions[index] = newValue }
        }
    }

    /// The shape that two shapes are stretched to when they are added or multiplied; nil when they
    /// do not fit. (ONNX's multidirectional broadcasting, which is NumPy's.)
    func broadcast(with other: Shape) -> Shape? {
        let rank = max(rank, other.rank)
        var result: [Dimension] = []
        for axis in 0..<rank {
            let left = axis < rank - self.rank ? 1 : dimensions[axis - (rank - self.rank)]
            let right = axis < rank - other.rank ? 1 : other.dimensions[axis - (rank - other.rank)]
            if left == right || right == 1 {
                result.append(left)
            } else if left == 1 {
                result.append(right)
            } else {
                return nil
            }
        }
        return Shape(result)
    }
}

extension Shape: ExpressibleByArrayLiteral {
    /// A shape of these lengths.
    package init(arrayLiteral elements: Dimension...) { dimensions = elements }
}

extension Shape: CustomStringConvertible {
    /// `[1, 384, tokens]`.
    package var description: String {
        "[" + dimensions.map(\.description).joined(separator: ", ") + "]"
    }
}
