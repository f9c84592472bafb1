import Files

extension ConfigurationFields {
    /// A whole number within limits. `4.0` is one too.
    package func integer(_ name: String, default other: Int, in range: ClosedRange<Int>) throws
        -> Int
    {
        try value(name).map { try integer($0, name, in: range) } ?? other
    }

    /// Several whole numbers, at least one; nil when the field is left out.
    package func integers(_ name: String, in range: ClosedRange<Int>) throws -> [Int]? {
        try list(name)?.map { try integer($0, name, in: range) }
    }

    /// A side of something square, written as a number or as two that are the same.
    package func side(_ name: String, default other: Int, in range: ClosedRange<Int>) throws
        -> Int
    {
        guard case .array = value(name) else {
            return try integer(name, default: other, in: range)
        }
        let sides = try integers(name, in: range) ?? []
        guard sides.count == 2, sides[0] == sides[1] else { throw problem(name, "is not square") }
        return sides[0]
    }

    /// A number within limits.
    package func number(_ name: String, default other: Double, in range: ClosedRange<Double>)
        throws -> Double
    {
        try value(name).map { try number($0, name, in: range) } ?? other
    }

    /// Several numbers, at least one; nil when the field is left out.
    package func numbers(_ name: String, in range: ClosedRange<Double>) throws -> [Double]? {
        try list(name)?.map { try number($0, name, in: range) }
    }

    /// A number each for red, green and blue.
    package func colour(
        _ name: String,
        default other: [Double],
        in range: ClosedRange<Double>
    ) throws -> [Double] {
        let values = try numbers(name, in: range) ?? other
        guard values.count == 3 else { throw problem(name, "are not 3 numbers") }
        return values
    }

    /// Yes or no.
    package func flag(_ name: String, default other: Bool) throws -> Bool {
        guard let value = value(name) else { return other }
        guard case .bool(let flag) = value else { throw problem(name, "is neither true nor false") }
        return flag
    }

    /// A text; nil when the field is left out.
    package func text(_ name: String) throws -> String? {
        guard let value = value(name) else { return nil }
        guard case .string(let text) = value else { throw problem(name, "is no text") }
        return text
    }

    /// Several texts; nil when the field is left out.
    package func texts(_ name: String) throws -> [String]? {
        try list(name)?.map { value in
            guard case .string(let text) = value else { throw problem(name, "is no list of texts") }
            return text
        }
    }

    private func list(_ name: String) throws -> [JSONValue]? {
        guard let value = value(name) else { return nil }
        guard case .array(let list) = value, !list.isEmpty else {
            throw problem(name, "is no list, or an empty one")
        }
        return list
    }

    private func integer(_ value: JSONValue, _ name: String, in range: ClosedRange<Int>) throws
        -> Int
    {
        let number: Int? =
            switch value {
            case .integer(let number): number
            case .number(let number): Int(exactly: number)
            default: nil
            }
        guard let number else { throw problem(name, "is no whole number") }
        guard range.contains(number) else {
            throw problem(name, "is \(number), not \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    private func number(_ value: JSONValue, _ name: String, in range: ClosedRange<Double>) throws
        -> Double
    {
        let number: Double
        switch value {
        case .integer(let whole): number = Double(whole)
        case .number(let any): number = any
        default: throw problem(name, "is no number")
        }
        guard range.contains(number) else {
            throw problem(name, "is \(number), not \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }
}
