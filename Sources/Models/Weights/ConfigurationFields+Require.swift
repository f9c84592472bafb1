import Diagnostics

extension ConfigurationFields {
    /// Throws unless a text is the one that is supported.
    package func require(_ name: String, _ supported: String, default other: String?) throws {
        guard let text = try text(name) ?? other else { throw problem(name, "is missing") }
        guard text == supported else {
            throw problem(name, "is \(quoted(text)); only \(quoted(supported)) is supported")
        }
    }

    /// Throws unless a whole number is the one that is supported.
    package func require(_ name: String, _ supported: Int, default other: Int) throws {
        let number = try integer(name, default: other, in: Int.min...Int.max)
        guard number == supported else {
            throw problem(name, "is \(number); only \(supported) is supported")
        }
    }
}
