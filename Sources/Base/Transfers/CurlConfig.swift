import Diagnostics

/// A configuration file of curl. It is given on standard input:
/// anybody can read a command line, and this contains secrets.
package struct CurlConfig {
    /// The text.
    package private(set) var text = ""

    package init() {}

    /// Switches something on.
    package mutating func set(_ option: String) {
        text += option + "\n"
    }

    /// Gives an option its value.
    ///
    /// - Throws: `EightCutError` when the value has characters that could end the line: what
    ///   follows would be taken for another option.
    package mutating func set(_ option: String, _ value: String) throws {
        guard value.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7f }) else {
            throw EightCutError(
                .usage,
                "cannot ask the server",
                because: "a value for curl's option \(option) has control characters in it"
            )
        }
        let escaped = value.replacing(exactly: "\\", with: "\\\\").replacing(
            exactly: "\"",
            with: "\\\""
        )
        text += "\(option) = \"\(escaped)\"\n"
    }
}
