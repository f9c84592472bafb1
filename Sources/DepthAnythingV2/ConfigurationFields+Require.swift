import Diagnostics
import Weights

extension ConfigurationFields {
    /// Throws unless a text is the one that is supported.
    func require(_ name: String, _ supported: String, default other: String?) throws {
        guard let text = try text(name) ?? other else { throw problem(name, "is missing") }
        guard text == supported else {
            throw problem(name, "is \(quoted(text)); only \(quoted(supported)) is supported")
        }
    }
}
